import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What ends a server at once: the postmaster cleans its shared memory on SIGQUIT and leaks it on SIGKILL; mysqld is slow on anything but SIGKILL. */
export type EndSignal = "SIGQUIT" | "SIGKILL";

interface Guarded {
  readonly pid: number;
  readonly signal: EndSignal;
  readonly directory: string;
}

const guarded = new Map<number, Guarded>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let hooked = false;

/** From now on the server dies and its directory goes with this process, however this process ends (short of SIGKILL: see sweepOrphans). */
export function guardProcess(server: Guarded): void {
  hookExit();
  guarded.set(server.pid, server);
  writeFileSync(join(server.directory, `guard-${server.pid}`), server.signal);
}

export function releaseProcess(pid: number): void {
  guarded.delete(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** In a container without an init process the dead are never reaped and still take signals. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Ends what a killed test run left behind: directories are named after the process that made them. */
export function sweepOrphans(root: string): void {
  for (const name of readdirSync(root)) {
    const owner = Number(name.split("-")[0]);
    if (!(owner > 0) || isAlive(owner)) continue;
    const directory = join(root, name);
    for (const file of readdirSync(directory)) endOrphan(directory, file);
    remove(directory);
  }
}

function endOrphan(directory: string, file: string): void {
  const pid = Number(/^guard-(\d+)$/.exec(file)?.[1]);
  // A pid is reused in time: only a process that was started on this very directory is ours.
  if (!(pid > 0) || !commandLine(pid).includes(directory)) return;
  end(pid, readFileSync(join(directory, file), "utf8") === "SIGKILL" ? "SIGKILL" : "SIGQUIT");
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function hookExit(): void {
  if (hooked) return;
  hooked = true;
  process.on("exit", endAll);
  for (const signal of signals) process.on(signal, onSignal);
  hookOrphaning();
}

/** A test worker outlives a test runner that was killed, for as long as its test hangs; its servers should not. */
function hookOrphaning(): void {
  if (!process.connected) return;
  process.once("disconnect", endAll);
  // Listening holds the channel open, which must not keep a process alive that only wanted to end.
  if (process.listenerCount("message") === 0) process.channel?.unref();
}

function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens decides when this process ends, and the exit hook does the rest.
  if (process.listenerCount(signal) > 1) return;
  endAll();
  process.removeListener(signal, onSignal);
  process.kill(process.pid, signal);
}

function endAll(): void {
  const servers = [...guarded.values()];
  guarded.clear();
  for (const { pid, signal } of servers) end(pid, signal);
  for (const { directory } of servers) remove(directory);
}

function end(pid: number, signal: EndSignal): void {
  try {
    process.kill(pid, signal);
    // A fault may have frozen it.
    process.kill(pid, "SIGCONT");
  } catch {
    // Already gone.
  }
}

function remove(directory: string): void {
  try {
    // A dying server may still write a file into a folder that is being emptied.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch {
    // The next sweep takes it.
  }
}
