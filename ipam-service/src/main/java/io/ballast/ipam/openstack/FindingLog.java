package io.ballast.ipam.openstack;

import io.ballast.ipam.allocation.IpamAnswer;
import io.ballast.ipam.allocation.IpamCall;
import io.ballast.ipam.allocation.Preflight;
import io.ballast.ipam.allocation.Rules;
import io.ballast.runtime.shell.Calls;
import io.ballast.schemas.contract.Finding;
import io.ballast.schemas.contract.FindingSeverity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what the pre-flight finds when Neutron was read: each finding once, and once when it is gone. */
public final class FindingLog implements Calls<IpamCall, IpamAnswer> {
    private static final Logger LOGGER = LoggerFactory.getLogger(FindingLog.class);

    private final Calls<IpamCall, IpamAnswer> calls;
    private final Rules rules;
    private Map<String, List<Finding>> known = Map.of();

    public FindingLog(Calls<IpamCall, IpamAnswer> calls, Rules rules) {
        this.calls = calls;
        this.rules = rules;
    }

    @Override
    public IpamAnswer call(IpamCall call) {
        var answer = calls.call(call);
        if (answer instanceof IpamAnswer.Read(var facts)) {
            tell(Preflight.check(rules, facts));
        }
        return answer;
    }

    @Override
    public IpamAnswer failed(IpamCall call, RuntimeException cause) {
        return calls.failed(call, cause);
    }

    @Override
    public void listen(Consumer<IpamAnswer> news) {
        calls.listen(news);
    }

    @Override
    public void close() {
        calls.close();
    }

    private synchronized void tell(Map<String, List<Finding>> found) {
        var before = known;
        known = new TreeMap<>(found);
        found.forEach((pool, findings) -> findings.stream()
                .filter(finding -> isNew(finding, before.getOrDefault(pool, List.of())))
                .forEach(finding -> log(pool, finding)));
        before.forEach((pool, findings) -> findings.stream()
                .filter(finding -> isNew(finding, found.getOrDefault(pool, List.of())))
                .forEach(finding -> LOGGER.atInfo()
                        .addKeyValue("pool", pool)
                        .addKeyValue("finding", finding.code())
                        .log("a finding of the pre-flight is gone")));
    }

    /** Numbers in a message may change while it says the same: the command then stays. */
    private static boolean isNew(Finding finding, List<Finding> others) {
        return others.stream()
                .noneMatch(other -> other.code().equals(finding.code())
                        && other.command().equals(finding.command())
                        && (!finding.command().isEmpty() || other.message().equals(finding.message())));
    }

    private static void log(String pool, Finding finding) {
        (finding.severity() == FindingSeverity.ERROR ? LOGGER.atError() : LOGGER.atWarn())
                .addKeyValue("pool", pool)
                .addKeyValue("finding", finding.code())
                .addKeyValue("reason", finding.message())
                .addKeyValue("command", finding.command())
                .log("the pre-flight found something");
    }
}
