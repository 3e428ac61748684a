package io.ballast.watcher.snapshot;

/**
 * Where an object lies in a cluster.
 *
 * @param namespace metadata.namespace; empty for an object of the cluster
 * @param name metadata.name
 */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {
    @Override
    public int compareTo(ObjectName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
