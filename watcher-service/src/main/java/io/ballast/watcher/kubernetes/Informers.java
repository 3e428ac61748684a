package io.ballast.watcher.kubernetes;

import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Listing;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.WatcherNews;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running watches. Each is seeded with what our topics know, so that its first list is a fresh one; each keeps only
 * names, uids and versions. Every list ends in {@link WatcherNews.Listed}, from which deletions are inferred; a deletion
 * that only a list shows is not told otherwise.
 */
final class Informers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informers.class);

    private final Map<Kind, SharedIndexInformer<?>> running = new EnumMap<>(Kind.class);
    private final KubernetesClient client;
    private final SignsOfLife signs;
    private final long pageSize;
    private final Consumer<WatcherNews> news;

    /**
     * None runs yet.
     *
     * @param signs counts what the watches of the client receive
     * @param pageSize objects per page of a list
     */
    Informers(KubernetesClient client, SignsOfLife signs, long pageSize, Consumer<WatcherNews> news) {
        this.client = client;
        this.signs = signs;
        this.pageSize = pageSize;
        this.news = news;
    }

    /** Starts the watch of a kind, anew when it runs; it lists when it can, and tries for ever. */
    void start(Kind kind, Map<ObjectName, String> known) {
        switch (kind) {
            case NAMESPACES -> start(kind, client.namespaces(), Namespace::new, known);
            case SERVICES -> start(kind, client.services().inAnyNamespace(), Service::new, known);
            case SLICES ->
                start(kind, client.discovery().v1().endpointSlices().inAnyNamespace(), EndpointSlice::new, known);
            case NODES -> start(kind, client.nodes(), Node::new, known);
        }
    }

    /** Signs of life of each watch that runs. */
    Map<Kind, Long> signs() {
        var counts = new EnumMap<Kind, Long>(Kind.class);
        running.forEach((kind, informer) -> {
            if (informer.isRunning()) {
                counts.put(kind, signs.read(kind));
            }
        });
        return counts;
    }

    /** resourceVersion that each watch has come to. */
    Map<Kind, String> versions() {
        var versions = new EnumMap<Kind, String>(Kind.class);
        running.forEach((kind, informer) -> {
            var version = informer.lastSyncResourceVersion();
            if (version != null) {
                versions.put(kind, version);
            }
        });
        return versions;
    }

    @Override
    public void close() {
        running.values().forEach(SharedIndexInformer::stop);
    }

    private <T extends HasMetadata> void start(
            Kind kind, Informable<T> objects, Supplier<T> empty, Map<ObjectName, String> known) {
        var before = running.remove(kind);
        if (before != null) {
            before.stop();
        }
        var informer = objects.withLimit(pageSize).runnableInformer(0);
        informer.itemStore(new NamesOnly<>(empty));
        informer.initialState(known.entrySet().stream().map(entry -> stub(empty, entry.getKey(), entry.getValue())));
        informer.exceptionHandler((started, e) -> {
            LOG.atWarn()
                    .addKeyValue("kind", kind)
                    .addKeyValue("error", e.toString())
                    .log("watch failed and is tried again");
            news.accept(new WatcherNews.Unavailable(String.valueOf(e.getMessage())));
            return true;
        });
        informer.addEventHandler(new Handler<>(kind, informer));
        running.put(kind, informer);
        var started = informer.start();
        started.exceptionally(e -> {
            LOG.atError()
                    .addKeyValue("kind", kind)
                    .addKeyValue("error", e.toString())
                    .log("watch ended");
            return null;
        });
    }

    private static <T extends HasMetadata> T stub(Supplier<T> empty, ObjectName name, String uid) {
        return stripped(
                empty,
                new ObjectMetaBuilder()
                        .withNamespace(name.namespace().isEmpty() ? null : name.namespace())
                        .withName(name.name())
                        .withUid(uid)
                        .build());
    }

    private static <T extends HasMetadata> T stripped(Supplier<T> empty, ObjectMeta metadata) {
        var object = empty.get();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .build());
        return object;
    }

    private static ObjectName nameOf(HasMetadata object) {
        var namespace = object.getMetadata().getNamespace();
        return new ObjectName(
                namespace == null ? "" : namespace, object.getMetadata().getName());
    }

    /** Keeps names, uids and versions of objects only. */
    private static final class NamesOnly<T extends HasMetadata> extends BasicItemStore<T> {
        private final Supplier<T> empty;

        NamesOnly(Supplier<T> empty) {
            super(Cache::metaNamespaceKeyFunc);
            this.empty = empty;
        }

        @Override
        public T put(String key, T object) {
            return super.put(key, stripped(empty, object.getMetadata()));
        }

        @Override
        public boolean isFullState() {
            return false;
        }
    }

    private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final Kind kind;
        private final SharedIndexInformer<T> informer;

        Handler(Kind kind, SharedIndexInformer<T> informer) {
            this.kind = kind;
            this.informer = informer;
        }

        @Override
        public void onAdd(T object) {
            signs.count(kind);
            KubernetesFacts.from(object).ifPresent(facts -> news.accept(new WatcherNews.Seen(facts)));
        }

        @Override
        public void onUpdate(T before, T object) {
            onAdd(object);
        }

        @Override
        public void onDelete(T object, boolean onlyMissing) {
            if (!onlyMissing) {
                news.accept(deleted(object));
            }
        }

        @Override
        public void onList(String resourceVersion, boolean isEmpty) {
            signs.count(kind);
            var names = new HashMap<ObjectName, Listing>();
            for (var object : informer.getStore().list()) {
                var metadata = object.getMetadata();
                names.put(nameOf(object), new Listing(metadata.getUid(), metadata.getResourceVersion()));
            }
            news.accept(new WatcherNews.Listed(kind, names));
        }

        private WatcherNews deleted(T object) {
            return new WatcherNews.Deleted(
                    kind, nameOf(object), object.getMetadata().getUid());
        }
    }
}
