import { iamPins } from "../../infra/iam-reference.ts";
import { ministackPins } from "../account/ministack.ts";
import { pythonPins } from "./moto.ts";
import { pythonEnvironment } from "./python-environment.ts";

// Builds the cached environments ahead of the tests, so that a CI run fails here, with the reason, and not by skipping.
for (const pins of [pythonPins, ministackPins, iamPins]) console.log(await pythonEnvironment(pins));
