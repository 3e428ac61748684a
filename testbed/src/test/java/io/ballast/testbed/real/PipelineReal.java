package io.ballast.testbed.real;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.pipeline.PipelineIT;
import java.nio.file.Path;

/** Services and broker killed, everything read again, all topics lost: on provider ovn of a real cloud. */
@OnRealCloud
class PipelineReal extends PipelineIT {
    @Override
    protected Pipeline open(Path folder) {
        return Pipeline.start(RealStack.onItsNetworks(Layout.DEFAULT, "ovn", folder));
    }
}
