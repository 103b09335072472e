import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../engines/run-command.ts";
import { cachedDirectory, fingerprint } from "../engines/template-cache.ts";

const buildTimeoutMs = 300_000;

/**
 * The Python interpreter of a virtual environment that holds what the file `requirements` pins. Kept in the lab's
 * cache under a name made of the pins and the Python version; built once, in half a minute. Rejects with what is
 * lacking.
 */
export async function pythonEnvironment(requirements: string): Promise<string> {
  const version = (await runCommand("python3", ["--version"])).trim();
  const name = `python-${fingerprint(version, readFileSync(requirements, "utf8"))}`;
  const directory = await cachedDirectory(name, async (draft) => {
    await createEnvironment(draft);
    await runCommand(
      pythonIn(draft),
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
      { timeoutMs: buildTimeoutMs },
    );
  });
  return pythonIn(directory);
}

/** virtualenv looks for newer versions of its own parts on the side; a test run needs none of that. */
const offline = ["--no-periodic-update"];

/** Debian and Ubuntu ship `python3 -m venv` without what it needs; virtualenv brings its own. */
async function createEnvironment(directory: string): Promise<void> {
  const options = { timeoutMs: buildTimeoutMs };
  try {
    await runCommand("python3", ["-m", "venv", directory], options);
  } catch (cause) {
    // The failed attempt may have left half an environment there; --clear empties it.
    const build = [...offline, "--clear", directory];
    await runCommand("python3", ["-m", "virtualenv", ...build], options).catch(() =>
      buildWithDownloadedVirtualenv(directory, cause),
    );
  }
}

async function buildWithDownloadedVirtualenv(directory: string, cause: unknown): Promise<void> {
  const tools = join(directory, "tools");
  const options = { timeoutMs: buildTimeoutMs };
  try {
    await runCommand(
      "python3",
      ["-m", "pip", "install", "--quiet", "--target", tools, "virtualenv"],
      options,
    );
    await runCommand("python3", ["-m", "virtualenv", directory], {
      ...options,
      env: { ...process.env, PYTHONPATH: tools },
    });
  } catch (error) {
    throw new Error(`neither python3 -m venv nor virtualenv works: ${String(cause)}; ${String(error)}`, {
      cause,
    });
  }
}

/** Run as `python -m …`: the scripts beside it name the folder the environment was built in. */
function pythonIn(directory: string): string {
  const python = join(directory, "bin", "python");
  return existsSync(python) ? python : join(directory, "Scripts", "python.exe");
}
