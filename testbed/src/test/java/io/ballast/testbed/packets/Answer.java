package io.ballast.testbed.packets;

/**
 * What a client of a pod heard.
 *
 * @param millis how long it took
 * @param text name of the server and the address that it saw, or what went wrong
 */
record Answer(long millis, boolean isAnswered, String text) {
    /** Reads "MILLISECONDS SERVER ADDRESS" or "MILLISECONDS ! ERROR". */
    static Answer parse(String line) {
        var words = line.split(" ", 2);
        boolean isError = words[1].startsWith("!");
        return new Answer(Long.parseLong(words[0]), !isError, words[1]);
    }

    /** Name of the server; empty where there was none. */
    String server() {
        return isAnswered ? text.substring(0, text.indexOf(' ')) : "";
    }

    /** The address that the server saw; empty where there was none. */
    String client() {
        return isAnswered ? text.substring(text.indexOf(' ') + 1) : "";
    }
}
