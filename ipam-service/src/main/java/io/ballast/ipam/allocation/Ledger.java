package io.ballast.ipam.allocation;

import io.ballast.schemas.contract.AddressAllocation;
import io.ballast.schemas.contract.AllocationState;
import io.ballast.schemas.contract.GrantedExternal;
import io.ballast.schemas.contract.GrantedVip;
import io.ballast.schemas.contract.InOrder;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who holds what, who waits and what rests, in all pools of all clusters. Changed by {@link Allocation#evolve} alone;
 * everything in it can be rebuilt from allocations, claims, statuses and pool records.
 */
public final class Ledger {
    /** An address in a subnet; the subnet is empty for external addresses. */
    record Place(String subnetId, IpAddress address) {}

    private final Rules rules;
    private final Map<ServiceKey, Entry> entries = new HashMap<>();
    private final Map<Place, ServiceKey> holders = new HashMap<>();
    private final Map<ServiceKey, Set<Place>> observed = new HashMap<>();
    private final Map<Place, ServiceKey> observers = new HashMap<>();
    private final Map<String, AddressSet> free = new HashMap<>();
    private final Map<String, VrrpRoom> rooms = new TreeMap<>();
    private final Map<String, WaitingLine> lines = new HashMap<>();
    private Set<String> moved = new LinkedHashSet<>();
    private final Quarantine quarantine = new Quarantine();
    private final Usage usage = new Usage();
    private NeutronFacts facts = NeutronFacts.NONE;
    private boolean outdated;

    public Ledger(Rules rules) {
        this.rules = rules;
        reindex();
    }

    public Rules rules() {
        return rules;
    }

    public NeutronFacts facts() {
        return facts;
    }

    /** The allocation of a Service as it stands; empty for none. */
    public Optional<AddressAllocation> row(ServiceKey key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::row);
    }

    /** When a Service first claimed what it waits for or has, milliseconds since 1970; the largest number when it has not. */
    public long firstClaimed(ServiceKey key) {
        var entry = entries.get(key);
        return entry == null ? Long.MAX_VALUE : entry.firstClaimed();
    }

    /** Who was granted each floating IP, by Neutron id. */
    public Map<String, ServiceKey> floatingIps() {
        var granted = new TreeMap<String, ServiceKey>();
        entries.forEach((key, entry) -> entry.row().externals().stream()
                .map(GrantedExternal::floatingIpId)
                .filter(Objects::nonNull)
                .forEach(id -> granted.put(id, key)));
        return granted;
    }

    /** Whether a Service has a VIP, and not yet that of the family that came later. */
    public boolean lacksVip(ServiceKey key) {
        var entry = entries.get(key);
        var claim = entry == null ? null : entry.claim();
        return entry != null && claim != null && Entry.lacksVip(entry.row(), claim);
    }

    /** Services whose VIP or an external address is waited for, sorted. */
    public Set<ServiceKey> waiting() {
        var waiting = new TreeSet<ServiceKey>();
        entries.forEach((key, entry) -> {
            if (entry.waits()) {
                waiting.add(key);
            }
        });
        return waiting;
    }

    /** Who holds or is seen at a place, other than this Service. */
    Optional<ServiceKey> rival(ServiceKey key, Place place) {
        var holder = holders.get(place);
        if (holder == null) {
            holder = observers.get(place);
        }
        if (holder == null) {
            holder = observers.get(new Place("", place.address()));
        }
        return Optional.ofNullable(holder).filter(other -> !other.equals(key));
    }

    /** Whether anybody of ours holds a place or is seen there. */
    boolean isHeld(Place place) {
        return holders.containsKey(place) || observers.containsKey(place);
    }

    boolean isObserved(ServiceKey key, Place place) {
        var places = observed.getOrDefault(key, Set.of());
        return places.contains(place) || places.contains(new Place("", place.address()));
    }

    /** Places at which octavia sees a load balancer of this Service, sorted by address. */
    List<IpAddress> observedAddresses(ServiceKey key) {
        return observed.getOrDefault(key, Set.of()).stream()
                .map(Place::address)
                .sorted()
                .toList();
    }

    boolean isWithdrawing(ServiceKey key) {
        var entry = entries.get(key);
        return entry != null && entry.withdrawn();
    }

    AddressSet free(String pool) {
        return free.computeIfAbsent(pool, _ -> new AddressSet());
    }

    /** Room for vrrp ports on a subnet; empty when Neutron has not shown the subnet. */
    Optional<VrrpRoom> room(String subnet) {
        return Optional.ofNullable(rooms.get(placeOf(subnet)));
    }

    private WaitingLine line(String name) {
        return lines.computeIfAbsent(name, _ -> new WaitingLine());
    }

    /** Whether a Service is reached by the room of a line, after everybody who claimed before it. */
    boolean isReached(String name, ServiceKey key, long firstClaimedEpochMillis, int need, long room) {
        var line = lines.get(canonical(name));
        return line == null ? room >= need : line.reaches(key, firstClaimedEpochMillis, need, room);
    }

    /** How many wait in a line. */
    long waitingIn(String name) {
        var line = lines.get(canonical(name));
        return line == null ? 0 : line.size();
    }

    /** What rests. */
    Quarantine quarantine() {
        return quarantine;
    }

    /** When the next address of a pool has rested; empty when none rests. */
    public Optional<Instant> nextRested(String pool) {
        return quarantine.next(pool);
    }

    /** What ends when a floating IP that is kept for a Service is gone, by its Neutron id. */
    public Map<String, AllocationEvent.RestEnded> kept() {
        return quarantine.kept();
    }

    /** How many addresses of each pool are held. */
    Usage usage() {
        return usage;
    }

    /** Services that may be served because something moved in their line since this was asked last, in order. */
    public List<ServiceKey> nextInLine(int max) {
        var next = new LinkedHashSet<ServiceKey>();
        for (var name : moved) {
            var line = lines.get(name);
            if (line != null) {
                next.addAll(line.served(roomIn(name), max));
            }
        }
        if (!moved.isEmpty()) {
            moved = new LinkedHashSet<>(); // one that was large once would take long to clear for ever after
        }
        return List.copyOf(next);
    }

    // --- evolve

    void allocated(ServiceKey key, @Nullable Entry entry) {
        var before = entries.get(key);
        if (before != null) {
            unindex(key, before);
        }
        if (entry == null) {
            entries.remove(key);
        } else {
            entries.put(key, entry);
            index(key, entry);
        }
    }

    void withdrawn(ServiceKey key) {
        var entry = entries.get(key);
        if (entry != null && !entry.withdrawn()) {
            allocated(key, entry.withdrawing());
            placesOf(entry).forEach(this::moved);
        }
    }

    /** The pool may have been renamed or split since the address was released. */
    void rested(IpAddress address, Quarantine.Rest rest) {
        var home =
                rules.home(rest.pool(), address).map(Rules.ExternalPool::name).orElse(rest.pool());
        quarantine.put(address, new Quarantine.Rest(home, rest.lastHolder(), rest.until(), rest.kept()));
        poolsAt(new Place("", address)).forEach(pool -> free(pool).remove(address));
    }

    void restEnded(IpAddress address) {
        var rest = quarantine.remove(address);
        if (rest != null) {
            giveBack(new Place("", address));
            moved.add(Entry.externalLine(rest.pool()));
        }
    }

    void observed(ServiceKey key, Set<Place> places) {
        var before = places.isEmpty() ? observed.remove(key) : observed.put(key, InOrder.copyOf(places));
        if (before != null) {
            before.forEach(place -> {
                observers.remove(place, key);
                giveBack(place);
            });
        }
        places.forEach(place -> {
            observers.put(place, key);
            poolsAt(place).forEach(pool -> free(pool).remove(place.address()));
        });
    }

    void neutronRead(NeutronFacts read) {
        facts = read;
        reindex();
    }

    /** Lets addresses go whose rest is over. */
    void wake(Instant now) {
        quarantine.over(now).forEach(this::restEnded);
    }

    /** Those who wait for an address may look again. */
    private void moved(Place place) {
        if (place.subnetId().isEmpty()) {
            moved.add(Entry.addressLine("", place.address()));
        } else {
            rules.vipPools().stream()
                    .map(Rules.VipPool::subnet)
                    .filter(subnet -> placeOf(subnet).equals(place.subnetId()))
                    .forEach(subnet -> moved.add(Entry.addressLine(subnet, place.address())));
        }
    }

    /** An address that nobody of ours has any more is free, unless something else is there. */
    private void giveBack(Place place) {
        moved(place);
        for (var pool : poolsAt(place)) {
            if (isAvailable(place)) {
                free(pool).add(place.address());
            } else if (hasPort(place) && !isHeld(place)) {
                outdated = true; // perhaps the port of a load balancer that is gone by now
            }
            moved.add(place.subnetId().isEmpty() ? Entry.externalLine(pool) : Entry.vipLine(pool));
        }
    }

    private boolean isAvailable(Place place) {
        boolean isReserved = facts.subnets().values().stream()
                .filter(subnet -> subnet.id().equals(place.subnetId()))
                .anyMatch(subnet -> isReserved(place.address(), subnet));
        return !isHeld(place) && !isReserved && !hasPort(place) && !quarantine.holds(place.address());
    }

    private boolean hasPort(Place place) {
        var room = rooms.get(place.subnetId());
        return room != null && room.portAt(place.address()).isPresent();
    }

    /** Whether Neutron may give the address away itself. */
    private static boolean isReserved(IpAddress address, NeutronFacts.Subnet subnet) {
        return subnet.isInPools(address)
                || address.equals(subnet.gateway())
                || address.equals(subnet.cidr().network())
                || address.equals(subnet.cidr().last());
    }

    /** Whether what Neutron showed stands in the way of an address given back since it was read; asked once. */
    public boolean takeOutdated() {
        var was = outdated;
        outdated = false;
        return was;
    }

    private void reindex() {
        holders.clear();
        free.clear();
        rooms.clear();
        lines.clear();
        rules.vipPools().forEach(pool -> free.put(pool.name(), freeVips(pool)));
        rules.externals().forEach(pool -> free.put(pool.name(), AddressSet.of(pool.ranges())));
        observers
                .keySet()
                .forEach(place -> poolsAt(place).forEach(pool -> free(pool).remove(place.address())));
        var amphorae = facts.vipsByDevice();
        facts.subnets()
                .values()
                .forEach(subnet -> rooms.put(subnet.id(), new VrrpRoom(subnet, rules.failovers(), amphorae)));
        quarantine
                .addresses()
                .forEach(address -> poolsAt(new Place("", address))
                        .forEach(pool -> free(pool).remove(address)));
        usage.clear();
        entries.forEach(this::index);
    }

    /** The ranges of a pool without what Neutron may give away itself. */
    private AddressSet freeVips(Rules.VipPool pool) {
        var set = AddressSet.of(pool.ranges());
        facts.subnet(pool.subnet()).ifPresent(subnet -> {
            subnet.pools().forEach(set::remove);
            var gateway = subnet.gateway();
            if (gateway != null) {
                set.remove(gateway);
            }
            set.remove(subnet.cidr().network());
            set.remove(subnet.cidr().last());
            subnet.ports().forEach(port -> set.remove(port.address()));
        });
        return set;
    }

    private void index(ServiceKey key, Entry entry) {
        for (var place : placesOf(entry)) {
            holders.putIfAbsent(place, key);
            poolsAt(place).forEach(pool -> free(pool).remove(place.address()));
        }
        portsOf(entry).forEach(place -> roomOf(place.subnetId()).hold(place.address()));
        entry.vrrp().forEach((subnet, ports) -> roomOf(placeOf(subnet)).take(ports));
        linesOf(key, entry).forEach((name, need) -> line(name).join(key, entry.firstClaimed(), need));
        count(key, entry, 1);
    }

    private void count(ServiceKey key, Entry entry, int by) {
        for (var vip : entry.row().vips()) {
            var address = IpAddress.of(vip.address());
            rules.vipPools().stream()
                    .filter(pool -> pool.contains(address))
                    .filter(pool -> facts.subnet(pool.subnet())
                            .filter(subnet -> !subnet.id().equals(vip.subnetId()))
                            .isEmpty())
                    .forEach(pool -> usage.add(pool.name(), key, by));
        }
        entry.externals()
                .filter(external -> external.state() == AllocationState.GRANTED)
                .forEach(external -> usage.add(external.pool(), key, by));
        entry.externals()
                .filter(external -> external.state() != AllocationState.GRANTED && external.ours())
                .forEach(external -> usage.addIntent(external.pool(), key, by));
    }

    private void unindex(ServiceKey key, Entry entry) {
        for (var place : placesOf(entry)) {
            if (holders.remove(place, key)) {
                giveBack(place);
            }
        }
        portsOf(entry).forEach(place -> roomOf(place.subnetId()).letGo(place.address()));
        entry.vrrp().forEach((subnet, ports) -> {
            roomOf(placeOf(subnet)).giveBack(ports);
            moved.add(Entry.vrrpLine(placeOf(subnet)));
        });
        linesOf(key, entry).forEach((name, _) -> {
            line(name).leave(key, entry.firstClaimed());
            lines.computeIfPresent(name, (_, line) -> line.size() == 0 ? null : line);
            moved.add(name);
        });
        entry.externals().filter(external -> external.address() != null).forEach(external -> {
            moved.add(Entry.externalLine(external.pool()));
            moved.add(Entry.limitLine(external.pool(), key.cluster()));
            moved.add(Entry.limitLine(external.pool(), key.cluster() + "/" + key.namespace()));
        });
        count(key, entry, -1);
    }

    /** Where amphorae of a Service have ports, each subnet with the VIP that they serve there, or of several the first. */
    private Set<Place> portsOf(Entry entry) {
        var ports = new LinkedHashSet<Place>();
        var vips = entry.row().vips();
        vips.forEach(vip -> ports.add(new Place(vip.subnetId(), IpAddress.of(vip.address()))));
        var own = vips.stream().map(GrantedVip::subnetId).toList();
        entry.vrrp().keySet().stream()
                .map(this::placeOf)
                .filter(subnet -> !own.contains(subnet) && !vips.isEmpty())
                .forEach(subnet ->
                        ports.add(new Place(subnet, IpAddress.of(vips.getFirst().address()))));
        return ports;
    }

    private static List<Place> placesOf(Entry entry) {
        var places = new ArrayList<Place>();
        entry.row().vips().forEach(vip -> places.add(new Place(vip.subnetId(), IpAddress.of(vip.address()))));
        entry.externals().forEach(external -> {
            var address = external.address();
            if (address != null) {
                places.add(new Place("", IpAddress.of(address)));
            }
        });
        return places;
    }

    /** Pools with a free list that the address of a place belongs to. */
    private List<String> poolsAt(Place place) {
        var pools = new ArrayList<String>();
        if (place.subnetId().isEmpty()) {
            for (var pool : rules.externals()) {
                if (pool.contains(place.address())) {
                    pools.add(pool.name());
                }
            }
            return pools;
        }
        for (var pool : rules.vipPools()) {
            if (facts.subnet(pool.subnet())
                            .filter(subnet -> subnet.id().equals(place.subnetId()))
                            .isPresent()
                    && pool.contains(place.address())) {
                pools.add(pool.name());
            }
        }
        return pools;
    }

    private long roomIn(String line) {
        if (line.startsWith(Entry.VRRP)) {
            return room(line.substring(Entry.VRRP.length())).map(VrrpRoom::left).orElse(Long.MAX_VALUE);
        }
        if (line.startsWith(Entry.VIP)) {
            return free(line.substring(Entry.VIP.length())).size();
        }
        if (line.startsWith(Entry.EXTERNAL)) {
            return free(line.substring(Entry.EXTERNAL.length())).size();
        }
        return Long.MAX_VALUE; // one address: only the first gets it, and the others are told who has it now
    }

    private Map<String, Integer> linesOf(ServiceKey key, Entry entry) {
        var canonical = new TreeMap<String, Integer>();
        entry.lines(key, rules).forEach((name, need) -> canonical.merge(canonical(name), need, Integer::sum));
        return canonical;
    }

    /** The name of a line with the id of its subnet, however the subnet was named. */
    private String canonical(String name) {
        return name.startsWith(Entry.VRRP) ? Entry.vrrpLine(placeOf(name.substring(Entry.VRRP.length()))) : name;
    }

    /** The id of a subnet when Neutron showed it, else the text that names it. */
    private String placeOf(String subnet) {
        return facts.subnet(subnet).map(NeutronFacts.Subnet::id).orElse(subnet);
    }

    private VrrpRoom roomOf(String subnetId) {
        return rooms.computeIfAbsent(subnetId, _ -> VrrpRoom.unknown());
    }
}
