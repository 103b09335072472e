import { ministackPins } from "../account/ministack.ts";
import { motoPins } from "./moto.ts";
import { pythonEnvironment } from "./python-environment.ts";

// Builds the cached environments ahead of the tests, so that a CI run fails here, with the reason, and not by skipping.
for (const pins of [motoPins, ministackPins]) console.log(await pythonEnvironment(pins));
