package io.ballast.ipam.allocation.layout;

import java.util.List;

/** Where Neutron differs from a layout. */
public sealed interface Difference {
    /** What should be there. */
    Resource resource();

    /** What is wrong, with the values. */
    String message();

    /** Commands that mend it, in order. */
    List<String> commands();

    /** It is not there: one call makes it. */
    record Missing(Resource resource) implements Difference {
        @Override
        public String message() {
            return resource.what() + " is missing";
        }

        @Override
        public List<String> commands() {
            return List.of(OpenStackCommands.create(resource));
        }
    }

    /** Something else is in its place, which only a person may change. */
    record Wrong(Resource resource, String message, List<String> commands) implements Difference {
        public Wrong {
            commands = List.copyOf(commands);
        }
    }
}
