package io.ballast.testbed.sim;

import io.ballast.runtime.shell.Calls;
import io.ballast.watcher.snapshot.Facts;
import io.ballast.watcher.snapshot.Kind;
import io.ballast.watcher.snapshot.Listing;
import io.ballast.watcher.snapshot.ObjectName;
import io.ballast.watcher.snapshot.ResourceVersions;
import io.ballast.watcher.snapshot.WatcherCall;
import io.ballast.watcher.snapshot.WatcherNews;
import io.ballast.watcher.snapshot.World;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A planted defect: what is older than what was seen of a name is replaced by that, wherever it comes from. */
final class NeverOlder implements Calls<WatcherCall, WatcherNews> {
    private final Calls<WatcherCall, WatcherNews> honest;
    private final Map<Kind, Map<ObjectName, Facts>> newest = new EnumMap<>(Kind.class);

    NeverOlder(Calls<WatcherCall, WatcherNews> honest) {
        this.honest = honest;
    }

    @Override
    public WatcherNews call(WatcherCall call) {
        return seen(honest.call(call));
    }

    @Override
    public WatcherNews failed(WatcherCall call, RuntimeException cause) {
        return honest.failed(call, cause);
    }

    @Override
    public void listen(Consumer<WatcherNews> news) {
        honest.listen(each -> news.accept(seen(each)));
    }

    @Override
    public void close() {
        honest.close();
    }

    private WatcherNews seen(WatcherNews news) {
        return switch (news) {
            case WatcherNews.Seen(var facts) -> new WatcherNews.Seen(newest(facts));
            case WatcherNews.Found(var facts) -> new WatcherNews.Found(newest(facts));
            case WatcherNews.Listed(var kind, var names) -> new WatcherNews.Listed(kind, listed(kind, names));
            case WatcherNews.Compared(var objects, var ignored) -> {
                var seen = new EnumMap<Kind, List<Facts>>(Kind.class);
                objects.forEach((kind, facts) ->
                        seen.put(kind, facts.stream().map(this::newest).toList()));
                yield new WatcherNews.Compared(seen, Map.of());
            }
            default -> news;
        };
    }

    private Facts newest(Facts facts) {
        return ofKind(World.kindOf(facts))
                .merge(World.nameOf(facts), facts, (before, after) -> isOlder(after, before) ? before : after);
    }

    private Map<ObjectName, Listing> listed(Kind kind, Map<ObjectName, Listing> names) {
        var seen = new HashMap<ObjectName, Listing>();
        names.forEach((name, listing) -> {
            var facts = ofKind(kind).get(name);
            seen.put(name, facts == null ? listing : new Listing(facts.uid(), facts.resourceVersion()));
        });
        return seen;
    }

    private Map<ObjectName, Facts> ofKind(Kind kind) {
        return newest.computeIfAbsent(kind, ignored -> new HashMap<>());
    }

    private static boolean isOlder(Facts facts, Facts than) {
        return ResourceVersions.compare(facts.resourceVersion(), than.resourceVersion()) == ResourceVersions.Age.OLDER;
    }
}
