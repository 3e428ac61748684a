package io.ballast.testbed.takeover;

import io.ballast.octavia.loadbalancer.Identity;
import io.ballast.schemas.contract.IpAddress;
import io.ballast.schemas.contract.ServiceKey;
import io.ballast.testbed.takeover.Found.KuryrRecord;
import io.ballast.testbed.takeover.Found.TheirLoadBalancer;
import io.ballast.testbed.takeover.Found.TheirService;
import io.ballast.testbed.takeover.Verdict.AlreadyOurs;
import io.ballast.testbed.takeover.Verdict.LoadBalancerChange;
import io.ballast.testbed.takeover.Verdict.ObjectChange;
import io.ballast.testbed.takeover.Verdict.Refused;
import io.ballast.testbed.takeover.Verdict.TakeOver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which load balancers of a peer are taken over, and how; address and traffic stay as they are. ADR 0060. */
public final class TakeOverPlan {
    /**
     * What is asked for.
     *
     * @param peer whose they are
     * @param cluster our name of the cluster
     * @param clusterUid UID of its kube-system namespace
     * @param peerCluster the cluster's name for the cloud provider; without meaning for kuryr
     * @param namespaces namespaces to look at; empty for all
     * @param extraTags tags that octavia-service is configured to add
     * @param keepsRecords whether kuryr's records keep their finalizers
     */
    public record Request(
            Peer peer,
            String cluster,
            String clusterUid,
            String peerCluster,
            SortedSet<String> namespaces,
            List<String> extraTags,
            boolean keepsRecords) {
        public Request {
            namespaces = new TreeSet<>(namespaces);
            extraTags = List.copyOf(extraTags);
        }
    }

    private final Request request;
    private final Found found;

    private TakeOverPlan(Request request, Found found) {
        this.request = request;
        this.found = found;
    }

    /** A verdict for each Service that the peer has anything to do with, sorted by key. */
    public static List<Verdict> plan(Request request, Found found) {
        var plan = new TakeOverPlan(request, found);
        return found.services().stream()
                .filter(service -> request.namespaces().isEmpty()
                        || request.namespaces().contains(service.key().namespace()))
                .sorted(Comparator.comparing(TheirService::key))
                .flatMap(service -> plan.judge(service).stream())
                .toList();
    }

    private Optional<Verdict> judge(TheirService service) {
        var identity = identity(service);
        var ours = found.loadBalancers().stream()
                .filter(each -> each.identity().filter(identity::isSameService).isPresent())
                .toList();
        var theirs = candidates(service).stream()
                .filter(each -> !ours.contains(each))
                .toList();
        if (ours.isEmpty() && theirs.isEmpty()) {
            return isMarked(service) ? Optional.of(withoutLoadBalancer(service)) : Optional.empty();
        }
        if (ours.isEmpty() && !isServed(service) && !isMarked(service)) {
            return Optional.empty();
        }
        var refusal = refusal(service, ours, theirs);
        if (refusal.isPresent()) {
            return Optional.of(new Refused(service.key(), refusal.get()));
        }
        var chosen = ours.isEmpty() ? theirs.getFirst() : ours.getFirst();
        var takeOver = takeOver(service, chosen);
        if (!takeOver.changesNothing()) {
            return Optional.of(takeOver);
        }
        return Optional.of(new AlreadyOurs(service.key(), chosen.id()));
    }

    private Identity identity(TheirService service) {
        return Identity.of(request.clusterUid(), service.uid(), service.key());
    }

    // --- what the peer made

    /** Whether the peer makes load balancers for such Services. The one of default/kubernetes is octavia-service's to adopt. */
    private boolean isServed(TheirService service) {
        return switch (request.peer()) {
            case KURYR ->
                !service.isKubernetesApi()
                        && service.hasClusterIp()
                        && (service.type().equals("ClusterIP") || service.isLoadBalancer());
            case OCCM -> service.isLoadBalancer() && service.loadBalancerClass().isEmpty();
        };
    }

    /** Whether the peer left its mark on the Service. */
    private boolean isMarked(TheirService service) {
        return service.finalizers().contains(request.peer().finalizer())
                || record(service).isPresent()
                || !idAnnotated(service).isEmpty();
    }

    private Optional<KuryrRecord> record(TheirService service) {
        return found.records().stream().filter(each -> each.isOf(service.key())).findFirst();
    }

    private String idAnnotated(TheirService service) {
        return request.peer() == Peer.OCCM ? service.annotations().getOrDefault(Peer.LOAD_BALANCER_ID, "") : "";
    }

    /** By the id that the peer remembers; else by its name, which for kuryr includes the VIP, as it looks itself. */
    private List<TheirLoadBalancer> candidates(TheirService service) {
        var remembered = record(service).map(KuryrRecord::loadBalancerId).orElse(idAnnotated(service));
        var byId = found.loadBalancers().stream()
                .filter(each -> !remembered.isEmpty() && each.id().equals(remembered))
                .toList();
        if (!byId.isEmpty()) {
            return byId;
        }
        var named = found.loadBalancers().stream()
                .filter(each -> each.name().equals(nameOf(service)))
                .toList();
        var atVip = named.stream().filter(each -> hasClusterIp(service, each)).toList();
        return request.peer() == Peer.KURYR && (!atVip.isEmpty() || !isMarked(service)) ? atVip : named;
    }

    private String nameOf(TheirService service) {
        return request.peer().loadBalancerName(service.key(), request.peerCluster());
    }

    private static boolean hasClusterIp(TheirService service, TheirLoadBalancer loadBalancer) {
        var wanted = IpAddress.ofKubernetes(service.clusterIp());
        return wanted.isPresent() && wanted.equals(IpAddress.parse(loadBalancer.vipAddress()));
    }

    /** Its finalizer goes, if nothing says that there is a load balancer which is only not seen. */
    private Verdict withoutLoadBalancer(TheirService service) {
        var remembered = record(service).map(KuryrRecord::loadBalancerId).orElse(idAnnotated(service));
        if (!remembered.isEmpty()) {
            return new Refused(
                    service.key(),
                    "%s remembers load balancer %s, which is not among those of this project; are these the credentials of its project?"
                            .formatted(request.peer().title(), remembered));
        }
        var elsewhere = found.loadBalancers().stream()
                .filter(each -> request.peer() == Peer.OCCM && Peer.isOfSomeCluster(service.key(), each.name()))
                .findFirst();
        if (elsewhere.isPresent()) {
            return new Refused(
                    service.key(),
                    "there is no load balancer %s, but one named %s: another cluster's, or this one's if --cluster-name is not what the cloud provider was told"
                            .formatted(nameOf(service), elsewhere.get().name()));
        }
        if (!service.ingress().isEmpty()) {
            return new Refused(
                    service.key(),
                    "its status shows %s, but no load balancer %s is among those of this project; check --openstack%s"
                            .formatted(
                                    String.join(", ", service.ingress()),
                                    nameOf(service),
                                    request.peer() == Peer.OCCM ? " and --cluster-name" : ""));
        }
        var going = going(service);
        return going.isPresent()
                ? new Refused(service.key(), going.get())
                : new TakeOver(
                        service.key(),
                        "",
                        "",
                        "",
                        List.of(),
                        null,
                        serviceChange(service),
                        recordChange(service),
                        List.of("%s made no load balancer for it yet"
                                .formatted(request.peer().title())));
    }

    // --- what is refused

    private Optional<String> refusal(
            TheirService service, List<TheirLoadBalancer> ours, List<TheirLoadBalancer> theirs) {
        if (ours.size() + theirs.size() > 1) {
            var all = new ArrayList<>(ours);
            all.addAll(theirs);
            return Optional.of("%d load balancers may be its: %s; delete those that are not"
                    .formatted(
                            all.size(),
                            all.stream().map(TheirLoadBalancer::id).sorted().collect(Collectors.joining(", "))));
        }
        var only = ours.isEmpty() ? theirs.getFirst() : ours.getFirst();
        var before = going(service).or(() -> ofAnother(service, only));
        return before.isPresent() || !ours.isEmpty()
                ? before
                : notServed(service)
                        .or(() -> misplaced(service, only))
                        .or(() -> shared(service, only))
                        .or(() -> busy(only))
                        .or(() -> floatingIps(service, only).refusal());
    }

    private Optional<String> notServed(TheirService service) {
        return request.peer() == Peer.OCCM && !isServed(service)
                ? Optional.of("it is of type %s%s: let the cloud provider delete what it made for it"
                        .formatted(
                                service.type(),
                                service.loadBalancerClass().isEmpty()
                                        ? ""
                                        : " and of class " + service.loadBalancerClass()))
                : Optional.empty();
    }

    private Optional<String> going(TheirService service) {
        var isGoing = service.isDeleting()
                || record(service).filter(KuryrRecord::isDeleting).isPresent();
        return isGoing
                ? Optional.of("it is being deleted, which %s has to finish"
                        .formatted(request.peer().title()))
                : Optional.empty();
    }

    private Optional<String> ofAnother(TheirService service, TheirLoadBalancer loadBalancer) {
        return loadBalancer
                .identity()
                .filter(each -> !each.isSameService(identity(service)))
                .map(each ->
                        "load balancer %s carries our tags for another Service: %s, uid %s, in the cluster with UID %s"
                                .formatted(loadBalancer.id(), each.key(), each.serviceUid(), each.clusterUid()));
    }

    private Optional<String> misplaced(TheirService service, TheirLoadBalancer loadBalancer) {
        return request.peer() == Peer.KURYR && !hasClusterIp(service, loadBalancer)
                ? Optional.of(
                        "load balancer %s has VIP %s, and the ClusterIP is %s: it was made for another Service or cluster"
                                .formatted(loadBalancer.id(), loadBalancer.vipAddress(), service.clusterIp()))
                : Optional.empty();
    }

    private Optional<String> shared(TheirService service, TheirLoadBalancer loadBalancer) {
        if (request.peer() == Peer.KURYR) {
            return Optional.empty();
        }
        if (!loadBalancer.name().equals(nameOf(service))) {
            return Optional.of(
                    "load balancer %s is named %s, not %s: the cloud provider uses it, but did not make it for this Service%s"
                            .formatted(
                                    loadBalancer.id(),
                                    loadBalancer.name(),
                                    nameOf(service),
                                    Peer.isOfSomeCluster(service.key(), loadBalancer.name())
                                            ? ", unless --cluster-name is not what it was told"
                                            : ""));
        }
        var others = loadBalancer.tags().stream()
                .filter(Peer::isUserTag)
                .filter(tag -> !tag.equals(nameOf(service)))
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "load balancer %s is shared with %s; Ballast gives each Service one of its own: give the others theirs first"
                                .formatted(loadBalancer.id(), String.join(", ", others)));
    }

    private static Optional<String> busy(TheirLoadBalancer loadBalancer) {
        var status = loadBalancer.provisioningStatus();
        if (status.equals("ACTIVE")) {
            return Optional.empty();
        }
        return Optional.of(
                status.equals("ERROR")
                        ? "load balancer %s is in ERROR: fail it over or let its controller mend it first"
                                .formatted(loadBalancer.id())
                        : "load balancer %s is %s: run this again when it is ACTIVE"
                                .formatted(loadBalancer.id(), status));
    }

    private FloatingIpJudgement floatingIps(TheirService service, TheirLoadBalancer loadBalancer) {
        return FloatingIpJudgement.of(request, found, service, loadBalancer);
    }

    // --- the take-over

    /** Floating IPs are written before the load balancer: where that is ours they are done. */
    private TakeOver takeOver(TheirService service, TheirLoadBalancer loadBalancer) {
        var isOurs = loadBalancer.identity().isPresent();
        var floatingIps = floatingIps(service, loadBalancer);
        return new TakeOver(
                service.key(),
                loadBalancer.id(),
                loadBalancer.provider(),
                loadBalancer.vipAddress(),
                isOurs ? List.of() : floatingIps.changes(),
                loadBalancerChange(service, loadBalancer),
                serviceChange(service),
                recordChange(service),
                isOurs ? List.of() : floatingIps.notes());
    }

    private @Nullable LoadBalancerChange loadBalancerChange(TheirService service, TheirLoadBalancer loadBalancer) {
        if (loadBalancer.identity().isPresent()) {
            return null;
        }
        var tags = new TreeSet<>(loadBalancer.tags());
        tags.removeIf(tag -> tag.isEmpty() || Peer.isUserTag(tag));
        tags.addAll(identity(service).tags());
        tags.addAll(request.extraTags());
        return new LoadBalancerChange(loadBalancer.id(), ourName(service.key()), tags);
    }

    private static String ourName(ServiceKey key) {
        return key.namespace() + "/" + key.name();
    }

    private @Nullable ObjectChange serviceChange(TheirService service) {
        var finalizers = service.finalizers().stream()
                .filter(each -> !each.equals(request.peer().finalizer()))
                .toList();
        var annotations = idAnnotated(service).isEmpty() ? List.<String>of() : List.of(Peer.LOAD_BALANCER_ID);
        return finalizers.equals(service.finalizers()) && annotations.isEmpty()
                ? null
                : new ObjectChange(
                        service.key().namespace(),
                        service.key().name(),
                        service.resourceVersion(),
                        finalizers,
                        annotations);
    }

    private @Nullable ObjectChange recordChange(TheirService service) {
        var there = record(service)
                .filter(each -> !request.keepsRecords())
                .filter(each -> each.finalizers().contains(Peer.KURYR_RECORD_FINALIZER));
        return there.map(each -> new ObjectChange(
                        each.namespace(),
                        each.name(),
                        each.resourceVersion(),
                        each.finalizers().stream()
                                .filter(name -> !name.equals(Peer.KURYR_RECORD_FINALIZER))
                                .toList(),
                        List.of()))
                .orElse(null);
    }
}
