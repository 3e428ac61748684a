package io.ballast.watcher.snapshot;

import io.ballast.schemas.contract.GoneReason;
import io.ballast.schemas.contract.InOrder;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one cluster: the newest facts of each object, never a queue of events. It is a cache: everything in it
 * comes again with the next list. Used by one thread.
 */
public final class World {
    private final EnumMap<Kind, NavigableMap<ObjectName, View<Facts>>> views = new EnumMap<>(Kind.class);
    private final Map<ObjectName, TreeSet<ObjectName>> slicesOf = new HashMap<>();
    private final Departures departures = new Departures();
    private final EnumSet<Kind> listed = EnumSet.noneOf(Kind.class);

    public World() {
        for (var kind : Kind.values()) {
            views.put(kind, new TreeMap<>());
        }
    }

    /** The kind of an object. */
    public static Kind kindOf(Facts facts) {
        return switch (facts) {
            case ServiceFacts _ -> Kind.SERVICES;
            case SliceFacts _ -> Kind.SLICES;
            case NodeFacts _ -> Kind.NODES;
            case NamespaceFacts _ -> Kind.NAMESPACES;
        };
    }

    /** The name of an object. */
    public static ObjectName nameOf(Facts facts) {
        return switch (facts) {
            case ServiceFacts service -> new ObjectName(service.namespace(), service.name());
            case SliceFacts slice -> new ObjectName(slice.namespace(), slice.name());
            case NodeFacts node -> new ObjectName("", node.name());
            case NamespaceFacts namespace -> new ObjectName("", namespace.name());
        };
    }

    /** Proofs that objects are gone. */
    public Departures departures() {
        return departures;
    }

    /** Kinds of which a complete list was seen. */
    public Set<Kind> listed() {
        return Collections.unmodifiableSet(listed);
    }

    /** Names of a kind that are seen or doubted, sorted. */
    public NavigableSet<ObjectName> names(Kind kind) {
        return Collections.unmodifiableNavigableSet(of(kind).navigableKeySet());
    }

    /** What is known of an object. */
    public View<Facts> view(Kind kind, ObjectName name) {
        return of(kind).getOrDefault(name, View.nothing());
    }

    /** What is known of a Service. */
    public View<ServiceFacts> service(ObjectName name) {
        var view = view(Kind.SERVICES, name);
        return new View<>((ServiceFacts) view.seen(), view.doubtful());
    }

    /** The namespace of that name; null when it was not seen. */
    public @Nullable NamespaceFacts namespace(String name) {
        return (NamespaceFacts) view(Kind.NAMESPACES, new ObjectName("", name)).seen();
    }

    /** Names of the slices that are seen with the label of a Service, sorted. */
    public Set<ObjectName> slicesOf(ObjectName service) {
        return Collections.unmodifiableSet(slicesOf.getOrDefault(service, new TreeSet<>()));
    }

    /**
     * Takes in what a watch or a list showed. Returns the uid that this object has taken the place of; null for none.
     *
     * @param published resourceVersion under which this uid was last published; null when it was not
     */
    public @Nullable String see(Facts facts, @Nullable String published) {
        if (facts instanceof NamespaceFacts namespace) {
            return seeNamespace(namespace);
        }
        var after = view(kindOf(facts), nameOf(facts)).after(facts, published, departures::of);
        put(kindOf(facts), nameOf(facts), after.view());
        return replaced(after.replaced());
    }

    /**
     * Takes in the answer of a live read; as {@link #see}. One that contradicts a watched DELETE may have been under way when
     * that came, so another read has to tell: a uid that is there then was brought back by a restore.
     */
    public @Nullable String seeLive(Facts facts, @Nullable String basis) {
        if (departures.of(facts.uid()) == GoneReason.WATCHED_DELETE) {
            departures.question(facts.uid());
            doubt(kindOf(facts), nameOf(facts));
            return null;
        }
        departures.revoke(facts.uid());
        var after = view(kindOf(facts), nameOf(facts)).afterLive(facts, basis);
        put(kindOf(facts), nameOf(facts), after.view());
        return replaced(after.replaced());
    }

    /** Takes in that a live read did not find the object: proof for each of these uids. */
    public void seeAbsent(Kind kind, ObjectName name, Collection<String> uids, @Nullable String basis) {
        uids.forEach(uid -> departures.add(uid, GoneReason.CONFIRMED_ABSENT));
        put(kind, name, view(kind, name).afterAbsent(basis));
    }

    /** Takes in a DELETE that the watch delivered. A namespace stays known as one that ends, for the Services in it. */
    public void seeDeleted(Kind kind, ObjectName name, String uid) {
        var view = view(kind, name);
        if (kind != Kind.NAMESPACES) {
            departures.add(uid, GoneReason.WATCHED_DELETE);
            put(kind, name, view.afterDelete(uid));
        } else if (view.seen() instanceof NamespaceFacts namespace
                && namespace.uid().equals(uid)) {
            put(kind, name, new View<>(ended(namespace), false));
        }
    }

    /** Casts a doubt on an object: only a live read can tell. */
    public void doubt(Kind kind, ObjectName name) {
        put(kind, name, view(kind, name).doubted());
    }

    /** Takes in that a list is complete: see {@link View#afterList}. A namespace that was not in it is forgotten. */
    public void list(Kind kind, Map<ObjectName, Listing> names) {
        listed.add(kind);
        for (var entry : InOrder.copyOf(of(kind)).entrySet()) {
            var name = entry.getKey();
            if (kind != Kind.NAMESPACES) {
                put(kind, name, entry.getValue().afterList(names.get(name)));
            } else if (!names.containsKey(name)) {
                put(kind, name, View.nothing());
            }
        }
    }

    private @Nullable String seeNamespace(NamespaceFacts namespace) {
        var name = nameOf(namespace);
        var seen = view(Kind.NAMESPACES, name).seen();
        var age = seen == null
                ? ResourceVersions.Age.NEWER
                : ResourceVersions.compare(namespace.resourceVersion(), seen.resourceVersion());
        if (age == ResourceVersions.Age.NEWER || age == ResourceVersions.Age.UNKNOWN) {
            put(Kind.NAMESPACES, name, new View<>(namespace, false));
        }
        return null;
    }

    private @Nullable String replaced(@Nullable String uid) {
        if (uid != null) {
            departures.add(uid, GoneReason.REPLACED);
        }
        return uid;
    }

    private void put(Kind kind, ObjectName name, View<Facts> view) {
        if (kind == Kind.SLICES) {
            index(name, view);
        }
        if (view.seen() == null && !view.doubtful()) {
            of(kind).remove(name);
        } else {
            of(kind).put(name, view);
        }
    }

    private void index(ObjectName name, View<Facts> view) {
        if (view(Kind.SLICES, name).seen() instanceof SliceFacts before) {
            slicesOf.computeIfPresent(serviceOf(before), (ignored, slices) -> {
                slices.remove(name);
                return slices.isEmpty() ? null : slices;
            });
        }
        if (view.seen() instanceof SliceFacts after) {
            slicesOf.computeIfAbsent(serviceOf(after), ignored -> new TreeSet<>())
                    .add(name);
        }
    }

    private static ObjectName serviceOf(SliceFacts slice) {
        return new ObjectName(slice.namespace(), slice.service());
    }

    private static NamespaceFacts ended(NamespaceFacts namespace) {
        return new NamespaceFacts(
                namespace.name(),
                namespace.uid(),
                namespace.resourceVersion(),
                true,
                namespace.labels(),
                namespace.annotations());
    }

    private NavigableMap<ObjectName, View<Facts>> of(Kind kind) {
        return views.computeIfAbsent(kind, ignored -> new TreeMap<>());
    }
}
