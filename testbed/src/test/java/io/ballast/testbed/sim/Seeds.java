package io.ballast.testbed.sim;

import java.util.stream.LongStream;

/** Seeds worth keeping. What they do changes with every change of the simulator; their causes are told by unit tests. */
final class Seeds {
    private Seeds() {}

    /** Those that once found a bug. */
    static LongStream kept() {
        return LongStream.of(20, 32, 55, 71, 114, 115, 117, 153, 223, 272, 456, 768, 826, 994, 997, 1211, 2585, 2850);
    }

    /** Those among which a planted defect is found. */
    static LongStream finding(Defect defect) {
        return switch (defect) {
            case NONE -> LongStream.empty();
            case NO_BARRIER,
                    RELEASE_BEFORE_DELETED,
                    TAG_IN_SECOND_CALL,
                    MATCH_BY_NAME,
                    GONE_WITHOUT_LIVE_GET,
                    NEVER_OLDER -> LongStream.rangeClosed(1, 30);
            case PRODUCER_REUSED -> LongStream.rangeClosed(1, 150); // needs a lost answer to a commit that was not made
        };
    }
}
