import { pythonEnvironment } from "./python-environment.ts";

// Builds the cached environment ahead of the tests, so that a CI run fails here, with the reason, and not by skipping.
console.log(await pythonEnvironment());
