package io.ballast.schemas.contract;

/**
 * A deletion that was inferred and is held by the deletion brake until a person confirms it.
 *
 * @param key cluster/namespace/name of the Service
 * @param uid uid of the Service that is missing
 * @param reason why it was inferred, in words
 */
public record HeldDeletion(String key, String uid, String reason) {}
