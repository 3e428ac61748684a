package io.ballast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ballast.schemas.contract.NodeAddress;
import io.ballast.schemas.contract.NodeSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static final NodeSnapshot NODE = new NodeSnapshot(
            "cluster-uid",
            "uid",
            List.of(new NodeAddress("InternalIP", "10.0.0.1")),
            true,
            false,
            Map.of("b", "2", "a", "1"),
            true);

    @Test
    void readsBackWhatItWrote() {
        var bytes = Encoding.encode(Topics.NODES, NODE);

        assertThat(Encoding.decode(Topics.NODES, bytes, new KnownSchemas())).isEqualTo(NODE);
    }

    @Test
    void writesMapsInTheOrderOfTheirKeys() {
        var json = Encoding.toJson(Encoding.encode(Topics.NODES, NODE), new KnownSchemas());

        assertThat(json.get("labels").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
    }

    @Test
    void refusesBytesOfAnotherKind() {
        var schemas = new KnownSchemas();
        var text = "{\"json\": true}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Encoding.decode(Topics.NODES, text, schemas))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("14 bytes without the header");
    }
}
