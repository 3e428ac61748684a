package io.ballast.testbed.real;

import io.ballast.testbed.openstack.Layout;
import io.ballast.testbed.pipeline.Pipeline;
import io.ballast.testbed.pipeline.ServiceFeaturesIT;
import java.nio.file.Path;

/** What a user asks for with kubectl, on both providers of a real cloud. */
@OnRealCloud
class ServiceFeaturesReal extends ServiceFeaturesIT {
    @Override
    protected Pipeline open(Path folder) {
        return Pipeline.start(RealStack.onItsNetworks(Layout.DUAL, "amphora", folder));
    }
}
