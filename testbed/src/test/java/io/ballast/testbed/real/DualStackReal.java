package io.ballast.testbed.real;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.pipeline.DualStackIT;
import io.ballast.testbed.pipeline.Pipeline;
import java.nio.file.Path;

/** Both address families, on provider amphora of a real cloud. */
@OnRealCloud
class DualStackReal extends DualStackIT {
    @Override
    protected Pipeline open(Path folder) {
        return Pipeline.start(RealStack.onItsNetworks(Layout.DUAL, "amphora", folder));
    }
}
