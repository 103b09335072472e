import { defineConfig } from "vitest/config";

const quick = { testTimeout: 30_000 };
/**
 * Suites that start database engines or endpoints. They mostly wait, so three files at a time suit a machine of two cores; a
 * loaded one gets a second try at a race with a real engine, which the report then shows.
 */
const slow = { testTimeout: 90_000, hookTimeout: 180_000, retry: 1 };

function project(name: string, options: object) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      setupFiles: ["test/support/fail-on-console.ts"],
      ...options,
    },
  };
}

export default defineConfig({
  test: {
    globals: false,
    pool: "forks",
    maxWorkers: 3,
    coverage: { provider: "v8", include: ["functions/**", "lib/**", "bin/**"] },
    projects: [
      project("unit", quick),
      project("architecture", quick),
      project("scenarios", quick),
      project("infra", { testTimeout: 60_000, hookTimeout: 120_000 }),
      project("workflow", { testTimeout: 120_000 }),
      project("contract", slow),
      project("engines", slow),
      project("deploy", { testTimeout: 10_000, hookTimeout: 400_000 }),
      project("faults", slow),
    ],
  },
});
