package io.ballast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What others read about the topics agrees with {@link Topics}. */
class GeneratedFilesTest {
    private static final String NOTE =
            "# Generated from Topics.java: run the tests of schemas with -Dballast.generate=true.\n";
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void asyncApiIsWhatTheTopicsSay() {
        assertGenerated("schemas/asyncapi.yaml", NOTE + Yaml.text(AsyncApiDocument.document()));
    }

    @Test
    void topicReferenceIsWhatTheTopicsSay() {
        assertGenerated("docs/reference/topics.md", TopicReference.page());
    }

    @Test
    void strimziTopicsAreWhatTheTopicsSay() {
        assertGenerated("deploy/strimzi/topics.yaml", NOTE + Yaml.documents(StrimziResources.topics()));
    }

    @Test
    void strimziUsersMayDoWhatTheTopicsSay() {
        assertGenerated("deploy/strimzi/users.yaml", NOTE + Yaml.documents(StrimziResources.users()));
    }

    @Test
    void asyncApiHasOneChannelPerTopicAndNamesItsSchema() throws IOException {
        var document = asyncApi();

        assertThat(document.get("asyncapi").textValue()).isEqualTo("3.0.0");
        assertThat(names(document.get("channels")))
                .containsExactlyElementsOf(Topics.ALL.stream().map(Topic::name).toList());
        for (var topic : Topics.ALL) {
            var binding = document.at("/channels/%s/bindings/kafka".formatted(topic.name()));
            assertThat(binding.get("topic").textValue()).isEqualTo("ballast." + topic.name());
            assertThat(binding.get("partitions").intValue()).isEqualTo(topic.partitions(12));
            assertThat(binding.at("/topicConfiguration").size())
                    .isEqualTo(topic.settings().size());
            topic.settings()
                    .forEach((name, value) ->
                            assertThat(settingText(binding, name)).as(name).isEqualTo(value));
            if (topic.format() == Topic.Format.AVRO) {
                assertThat(document.at("/components/messages/%s/payload/schema/$ref".formatted(topic.name()))
                                .textValue())
                        .endsWith("/" + topic.type().getSimpleName() + ".avsc");
            }
        }
    }

    @Test
    void asyncApiSaysWhoSendsAndWhoReceives() throws IOException {
        var operations = asyncApi().get("operations");
        var said = new TreeSet<String>();
        operations.forEach(operation -> said.add("%s %s %s"
                .formatted(
                        operation.at("/tags/0/name").textValue(),
                        operation.get("action").textValue(),
                        operation.at("/channel/$ref").textValue())));

        var expected = new TreeSet<String>();
        for (var topic : Topics.ALL) {
            topic.writers().forEach(writer -> expected.add("%s send #/channels/%s".formatted(writer, topic.name())));
            topic.readers().forEach(reader -> expected.add("%s receive #/channels/%s".formatted(reader, topic.name())));
        }
        assertThat(said).isEqualTo(expected);
    }

    @Test
    void everyReferenceInAsyncApiLeadsSomewhere() throws IOException {
        var document = asyncApi();
        for (var node : document.findValues("$ref")) {
            var target = node.textValue();
            if (target.startsWith("#")) {
                assertThat(document.at(target.substring(1)).isMissingNode())
                        .as(target)
                        .isFalse();
            } else {
                assertThat(Files.exists(Repository.ROOT.resolve("schemas").resolve(target)))
                        .as(target)
                        .isTrue();
            }
        }
    }

    @Test
    void onlyWritersMayWriteAndOnlyReadersMayRead() {
        for (var service : StrimziResources.SERVICES) {
            for (var topic : Topics.ALL) {
                var operations = StrimziResources.operations(service, topic);
                assertThat(operations.contains("Write"))
                        .isEqualTo(topic.writers().contains(service));
                assertThat(operations).doesNotContain("All", "Create", "Delete", "Alter", "AlterConfigs");
            }
        }
        assertThat(Repository.text(Repository.ROOT.resolve("deploy/strimzi/users.yaml")))
                .doesNotContain("patternType: prefix", "*");
    }

    private static JsonNode asyncApi() throws IOException {
        return YAML.readTree(Repository.ROOT.resolve("schemas/asyncapi.yaml").toFile());
    }

    private static String settingText(JsonNode binding, String name) {
        var value = binding.get("topicConfiguration").get(name);
        if (!value.isArray()) {
            return value.asText();
        }
        var parts = new ArrayList<String>();
        value.forEach(part -> parts.add(part.textValue()));
        return String.join(",", parts);
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertGenerated(String file, String text) {
        Repository.assertGenerated(Repository.ROOT.resolve(file), text.getBytes(UTF_8));
    }
}
