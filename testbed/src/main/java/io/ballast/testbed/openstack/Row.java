package io.ballast.testbed.openstack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One stored object: its own fields as they go over the wire, without those that show relations. {@code loadBalancerId} and
 * {@code parentId} (the pool of a member or monitor) are empty where they mean nothing. Rows are equal by id: they change.
 */
record Row(String id, String loadBalancerId, String parentId, ObjectNode doc) {

    static Row of(ObjectNode doc) {
        return new Row(Json.text(doc, "id"), "", "", doc);
    }

    String text(String field) {
        return Json.text(doc, field);
    }

    String status() {
        return text("provisioning_status");
    }

    void set(String field, @Nullable Object value) {
        doc.set(field, Json.value(value));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row && row.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
