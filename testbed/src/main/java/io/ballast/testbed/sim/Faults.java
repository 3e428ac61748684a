package io.ballast.testbed.sim;

/**
 * How often things go wrong, as probabilities of each occasion.
 *
 * @param commitUnanswered a commit is done, and its answer is lost
 * @param commitHangs a transaction is left open, and its owner told nothing but an error
 * @param responseLost an OpenStack or Kubernetes call is done, and its answer is lost
 * @param requestLost a call never arrives
 * @param callLate a call arrives up to a minute late
 * @param eventLost a watch event is not delivered
 * @param eventDoubled a watch event is delivered twice
 * @param listLate a list takes seconds, and shows what was true when it was asked for
 * @param watchEnds a watch ends with 410 and its kind is listed again
 * @param watchSilent a watch delivers nothing any more, as over a connection that was cut without a word
 */
public record Faults(
        double commitUnanswered,
        double commitHangs,
        double responseLost,
        double requestLost,
        double callLate,
        double eventLost,
        double eventDoubled,
        double listLate,
        double watchEnds,
        double watchSilent) {
    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Everything goes wrong now and then. */
    public static final Faults SOME = new Faults(0.01, 0.01, 0.05, 0.03, 0.02, 0.02, 0.05, 0.2, 0.01, 0.005);
}
