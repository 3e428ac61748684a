package io.ballast.testbed.sim;

/** A planted defect. A simulator that does not find each of them proves nothing. */
public enum Defect {
    NONE("nothing is planted"),
    NO_BARRIER("passes run before the tables are read to the end"),
    RELEASE_BEFORE_DELETED("a load balancer is said to be DELETED when its deletion is only asked for"),
    TAG_IN_SECOND_CALL("a load balancer is made without tags, which follow in a second call"),
    PRODUCER_REUSED("a producer is used on after an indefinite error, as if it had committed"),
    MATCH_BY_NAME("a load balancer is taken for ours because of its name"),
    GONE_WITHOUT_LIVE_GET("a Service that a list does not show is taken for gone without a live GET"),
    NEVER_OLDER("a smaller resourceVersion than one that was seen is never accepted");

    private final String text;

    Defect(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
