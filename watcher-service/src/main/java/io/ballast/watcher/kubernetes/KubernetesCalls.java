package io.ballast.watcher.kubernetes;

import io.ballast.runtime.shell.Calls;
import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The Kubernetes API behind the watcher's calls. */
public final class KubernetesCalls implements Calls<WatcherCall, WatcherNews> {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesCalls.class);
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final boolean nodes;
    private final long pageSize;
    private final Informers informers;
    private volatile Consumer<WatcherNews> news = ignored -> {};

    /**
     * Calls on a client of their own; nothing is sent yet.
     *
     * @param builder builds the client
     * @param nodes whether nodes are watched
     * @param pageSize objects per page of a list
     */
    public KubernetesCalls(KubernetesClientBuilder builder, boolean nodes, long pageSize) {
        var signs = new SignsOfLife();
        this.client = builder.withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor(SignsOfLife.NAME, signs))
                .build();
        this.nodes = nodes;
        this.pageSize = pageSize;
        this.informers = new Informers(client, signs, pageSize, told -> news.accept(told));
    }

    @Override
    public void listen(Consumer<WatcherNews> news) {
        this.news = news;
    }

    @Override
    public WatcherNews call(WatcherCall call) {
        try {
            return answer(call);
        } catch (KubernetesClientException e) {
            return classify(e);
        }
    }

    @Override
    public WatcherNews failed(WatcherCall call, RuntimeException cause) {
        LOG.atWarn().addKeyValue("error", cause.toString()).log("a call failed unexpectedly");
        return new WatcherNews.Unavailable(cause.toString());
    }

    @Override
    public synchronized void close() {
        informers.close();
        client.close();
    }

    /** What a failure means: 404 and 409 are answers; 4xx is final; anything else is tried again. */
    static WatcherNews classify(KubernetesClientException e) {
        int code = e.getCode();
        return switch (code) {
            case 404 -> new WatcherNews.Absent();
            case CONFLICT -> new WatcherNews.Conflict();
            case 408, 410, 429 -> new WatcherNews.Unavailable(code + " " + e.getMessage());
            default ->
                code >= 400 && code < 500
                        ? new WatcherNews.Refused(code, String.valueOf(e.getMessage()))
                        : new WatcherNews.Unavailable(cause(e));
        };
    }

    /** The innermost cause: fabric8 says only which request failed. */
    private static String cause(Throwable e) {
        var inner = e;
        while (inner.getCause() != null) {
            if (inner instanceof ConnectException && inner.getCause() instanceof ClosedChannelException) {
                return "connection refused"; // the JDK's client says it without a word
            }
            inner = inner.getCause();
        }
        return inner == e ? String.valueOf(e.getMessage()) : inner.toString();
    }

    private WatcherNews answer(WatcherCall call) {
        return switch (call) {
            case WatcherCall.ReadCluster() -> cluster();
            case WatcherCall.StartWatching(var known) -> start(known);
            case WatcherCall.ReadWatches() -> watches();
            case WatcherCall.ListAll() -> listAll();
            case WatcherCall.Look look ->
                found(resource(look.kind(), look.name()).get());
            case WatcherCall.PatchFinalizers patch ->
                found(service(patch.name()).patch(MERGE, json(KubernetesPatches.of(patch))));
            case WatcherCall.PatchStatus patch ->
                found(service(patch.name()).subresource("status").patch(MERGE, json(KubernetesPatches.of(patch))));
            case WatcherCall.PostEvent post -> post(post);
        };
    }

    private WatcherNews cluster() {
        var namespace = client.namespaces().withName("kube-system").get();
        return namespace == null
                ? new WatcherNews.Unavailable("there is no namespace kube-system")
                : new WatcherNews.ClusterRead(namespace.getMetadata().getUid());
    }

    private synchronized WatcherNews start(Map<Kind, Map<ObjectName, String>> known) {
        known.forEach(informers::start);
        return new WatcherNews.Watching();
    }

    /** A watch on a connection that is dead looks like one on a quiet cluster, so something is read beside it. */
    private WatcherNews watches() {
        return cluster() instanceof WatcherNews.Unavailable unavailable ? unavailable : watchesRead();
    }

    private synchronized WatcherNews watchesRead() {
        return new WatcherNews.WatchesRead(informers.signs(), informers.versions());
    }

    // --- reads

    private static WatcherNews found(@Nullable HasMetadata object) {
        return Optional.ofNullable(object)
                .flatMap(KubernetesFacts::from)
                .<WatcherNews>map(WatcherNews.Found::new)
                .orElseGet(WatcherNews.Absent::new);
    }

    private Resource<? extends HasMetadata> resource(Kind kind, ObjectName name) {
        return switch (kind) {
            case SERVICES -> service(name);
            case SLICES ->
                client.discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(name.namespace())
                        .withName(name.name());
            case NODES -> client.nodes().withName(name.name());
            case NAMESPACES -> client.namespaces().withName(name.name());
        };
    }

    private Resource<Service> service(ObjectName name) {
        return client.services().inNamespace(name.namespace()).withName(name.name());
    }

    private WatcherNews listAll() {
        var objects = new EnumMap<Kind, List<Facts>>(Kind.class);
        var versions = new EnumMap<Kind, String>(Kind.class);
        BiConsumer<Kind, Function<ListOptions, ? extends KubernetesResourceList<? extends HasMetadata>>> pages =
                (kind, list) -> objects.put(kind, pages(list, version -> versions.put(kind, version)));
        pages.accept(Kind.NAMESPACES, client.namespaces()::list);
        pages.accept(Kind.SERVICES, client.services().inAnyNamespace()::list);
        pages.accept(Kind.SLICES, client.discovery().v1().endpointSlices().inAnyNamespace()::list);
        if (nodes) {
            pages.accept(Kind.NODES, client.nodes()::list);
        }
        return new WatcherNews.Compared(objects, versions);
    }

    private List<Facts> pages(
            Function<ListOptions, ? extends KubernetesResourceList<? extends HasMetadata>> list,
            Consumer<String> version) {
        var facts = new ArrayList<Facts>();
        String next = null;
        do {
            var page = list.apply(new ListOptionsBuilder()
                    .withLimit(pageSize)
                    .withContinue(next)
                    .build());
            page.getItems().forEach(object -> KubernetesFacts.from(object).ifPresent(facts::add));
            next = page.getMetadata().getContinue();
            Optional.ofNullable(page.getMetadata().getResourceVersion()).ifPresent(version);
        } while (next != null && !next.isEmpty());
        return facts;
    }

    // --- writes

    private WatcherNews post(WatcherCall.PostEvent post) {
        var event = KubernetesPatches.event(post);
        try {
            client.v1()
                    .events()
                    .inNamespace(post.name().namespace())
                    .resource(event)
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return countUp(event.getMetadata().getName(), post);
            }
            if (classify(e) instanceof WatcherNews.Unavailable unavailable) {
                return unavailable;
            }
            var level = isTerminating(e) ? Level.DEBUG : Level.WARN;
            LOG.atLevel(level)
                    .addKeyValue("service", post.name())
                    .addKeyValue("reason", post.announcement().reason())
                    .addKeyValue("error", e.getMessage())
                    .log("an Event was refused");
        }
        return new WatcherNews.EventPosted();
    }

    /** A namespace that is being deleted takes no new Events: nobody could read them there for long. */
    private static boolean isTerminating(KubernetesClientException e) {
        return e.getCode() == FORBIDDEN && String.valueOf(e.getMessage()).contains("being terminated");
    }

    private WatcherNews countUp(String name, WatcherCall.PostEvent post) {
        var resource = client.v1().events().inNamespace(post.name().namespace()).withName(name);
        var event = resource.get();
        if (event != null) {
            resource.patch(MERGE, json(KubernetesPatches.countUp(event, post)));
        }
        return new WatcherNews.EventPosted();
    }

    private String json(Object body) {
        return client.getKubernetesSerialization().asJson(body);
    }
}
