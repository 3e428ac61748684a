package io.ballast.testbed.plan;

import io.ballast.ipam.allocation.layout.Difference;
import io.ballast.ipam.allocation.layout.Difference.Missing;
import io.ballast.ipam.allocation.layout.Difference.Wrong;
import io.ballast.ipam.allocation.layout.LayoutComparison;
import io.ballast.ipam.allocation.layout.LayoutResources;
import io.ballast.ipam.allocation.layout.NetworkLayout;
import io.ballast.ipam.allocation.layout.Resource;
import io.ballast.ipam.openstack.NeutronLayout;
import io.ballast.openstack.Rest;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/** Compares a layout with a cloud, and makes what is missing: one resource, then another look. */
public final class LayoutApplication {
    private final List<Resource> wanted;
    private final NeutronLayout neutron;
    private final Consumer<String> say;

    public LayoutApplication(NetworkLayout layout, Rest cloud, Consumer<String> say) {
        this.wanted = LayoutResources.of(layout);
        this.neutron = new NeutronLayout(cloud);
        this.say = say;
    }

    /** Tells every difference and the commands that mend it. Throws {@link IllegalStateException} when Neutron cannot be read. */
    public List<Difference> check() {
        var differences = LayoutComparison.differences(wanted, neutron.read(wanted));
        differences.forEach(this::tell);
        say.accept(
                differences.isEmpty()
                        ? "the cloud has all %d parts of the layout".formatted(wanted.size())
                        : "%d of %d parts of the layout differ".formatted(parts(differences), wanted.size()));
        return differences;
    }

    /**
     * Makes everything that is missing, unless something that is there is wrong: then nothing is made, and it is told. Never
     * changes what is there. Throws {@link IllegalStateException} when something was not made; another run goes on.
     *
     * @return whether the layout is there now
     */
    public boolean apply() {
        var made = new HashSet<Resource>();
        while (true) {
            var seen = neutron.read(wanted);
            var differences = LayoutComparison.differences(wanted, seen);
            if (differences.stream().anyMatch(Wrong.class::isInstance)) {
                differences.stream().filter(Wrong.class::isInstance).forEach(this::tell);
                say.accept(
                        "nothing more is made: what is there is never changed, mend it first or choose another --cluster");
                return false;
            }
            if (differences.isEmpty()) {
                say.accept(made.isEmpty() ? "nothing to do: the layout is there" : "%d made".formatted(made.size()));
                return true;
            }
            var next = ((Missing) differences.getFirst()).resource();
            if (!made.add(next)) {
                throw new IllegalStateException(
                        "%s was made, but Neutron does not show it: look again with --check".formatted(next.what()));
            }
            neutron.create(next, wanted, seen);
            say.accept("made " + next.what());
        }
    }

    private static long parts(List<Difference> differences) {
        return differences.stream().map(Difference::resource).distinct().count();
    }

    private void tell(Difference difference) {
        say.accept(difference.message());
        difference.commands().forEach(command -> say.accept("  " + command));
    }
}
