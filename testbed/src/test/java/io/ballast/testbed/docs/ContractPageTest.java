package io.ballast.testbed.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reference/contract.md lists every fact of the contract, and no other. */
class ContractPageTest {
    private static final Path ROOT = Path.of(System.getProperty("ballast.root", ".."));
    private static final Path PAGE = ROOT.resolve("docs/reference/contract.md");
    private static final Path CLASSES = ROOT.resolve("testbed/src/test/java/io/ballast/testbed/contract");
    private static final Pattern ABOUT = Pattern.compile("(?s)/\\*\\*(.*?)\\*/\\s*class (\\w+)Contract ");
    private static final Pattern FACT =
            Pattern.compile("(?s)\\n    @(?:Test|ParameterizedTest)\\n(.*?)    void (\\w+)\\(");
    private static final Map<String, String> SPELLINGS = Map.of(
            "ipv4",
            "IPv4",
            "ipv6",
            "IPv6",
            "vip",
            "VIP",
            "vips",
            "VIPs",
            "http",
            "HTTP",
            "cidrs",
            "CIDRs",
            "ip",
            "IP",
            "neutrons",
            "Neutron's");

    private record Fact(String sentence, String provider) {}

    private record Chapter(String name, String about, List<Fact> facts) {}

    @Test
    void thePageListsEveryFactAndNoOther() throws IOException {
        var page = page();
        if (Boolean.getBoolean("ballast.generate")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("run this test with -Dballast.generate=true")
                .isEqualTo(page);
    }

    private static String page() throws IOException {
        var chapters = new ArrayList<Chapter>();
        try (var files = Files.list(CLASSES)) {
            for (var file : files.filter(each -> each.toString().endsWith("Contract.java"))
                    .sorted()
                    .toList()) {
                chapters.add(chapter(Files.readString(file)));
            }
        }
        var all = chapters.stream().flatMap(each -> each.facts.stream()).toList();
        var page = new StringBuilder(head(chapters.size(), all));
        for (var chapter : chapters) {
            page.append("\n## %s\n\n%s\n\n| fact | provider |\n| --- | --- |\n".formatted(chapter.name, chapter.about));
            chapter.facts.forEach(fact -> page.append("| %s | %s |\n".formatted(fact.sentence, fact.provider)));
        }
        return page.toString();
    }

    private static String head(int chapters, List<Fact> all) {
        return """
            # The contract: what is proved of OpenStack's APIs

            <!-- Generated from the test classes: run ContractPageTest with -Dballast.generate=true. -->

            %d facts in %d classes of `io.ballast.testbed.contract`, each a test named by its sentence. They are stated on the wire. `mvn verify`
            proves them of the model in `io.ballast.testbed.openstack`; with `OS_CLOUD` (and `OS_CLIENT_CONFIG_FILE`) they are proved of that
            cloud, which needs the networks `k8s-pod-net`, `k8s-service-net` and `public` of `deploy/openstack-dev` and roles `member` and
            `load-balancer_member`. Clouds `admin` (or `OS_ADMIN_CLOUD`), `nolb` and `observer` of the same file are used where a fact needs them; without
            them it is skipped, and says so. Some faults can only be brought about from beside the processes: `OPENSTACK_DEV_DIR` names the folder of a stack
            that runs here, `OPENSTACK_DEV_STOCK_WORKER` says that its worker was not mended, and tokens end in time to be seen where
            `OPENSTACK_DEV_TOKEN_LIFETIME` was 60.

            Column *provider*: `both` is true of amphora and ovn alike, `differs` states one thing of each, and a name is that provider's alone. %d facts
            are of both, %d differ, %d are of amphora alone and %d of ovn alone. What surprised us is in
            [../explanation/openstack-reality.md](../explanation/openstack-reality.md).
            """.formatted(
                        all.size(),
                        chapters,
                        count(all, "both"),
                        count(all, "differs"),
                        count(all, "amphora"),
                        count(all, "ovn"));
    }

    private static long count(List<Fact> facts, String provider) {
        return facts.stream().filter(each -> each.provider.equals(provider)).count();
    }

    private static Chapter chapter(String source) {
        var about = ABOUT.matcher(source).results().findFirst().orElseThrow();
        var name = about.group(2);
        var facts = FACT.matcher(source)
                .results()
                .map(fact -> new Fact(sentence(fact.group(2)), provider(name, fact)))
                .toList();
        return new Chapter(
                name,
                about.group(1)
                        .replaceAll("\\n? \\*", " ")
                        .replaceAll("\\s+", " ")
                        .strip(),
                facts);
    }

    private static String provider(String chapter, MatchResult fact) {
        var word = fact.group(2).toLowerCase(Locale.ROOT);
        if (fact.group(1).contains("@EnumSource(Provider.class)")) {
            return "both";
        }
        boolean amphora = word.contains("amphora") || fact.group(1).contains("AMPHORA") || chapter.equals("Amphora");
        boolean ovn = word.contains("ovn") || fact.group(1).contains("OVN") || chapter.equals("Ovn");
        return amphora && ovn ? "differs" : amphora ? "amphora" : ovn ? "ovn" : "";
    }

    private static String sentence(String name) {
        var words = new ArrayList<String>();
        for (var word : name.split("(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])", -1)) {
            words.add(word.toLowerCase(Locale.ROOT));
        }
        var text = String.join(" ", words).replaceAll("\\bipv ([46])\\b", "ipv$1");
        var spelt = new ArrayList<String>();
        for (var word : text.split(" ", -1)) {
            spelt.add(SPELLINGS.getOrDefault(word, word));
        }
        return String.join(" ", spelt);
    }
}
