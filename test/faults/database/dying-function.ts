import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import { workOrderSchema } from "../../../functions/core/contract/work-order.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { databasesAs } from "../../engines/actions/support.ts";

/** A process of its own, as a function is one: it is killed while it carries out the order that it was started with. */
async function carryOut(order: string): Promise<void> {
  const outcome = await executeOrder(
    workOrderSchema.parse(JSON.parse(order)),
    { databases: databasesAs("actor"), clock: createSystemClock(), probing: defaultSettings.probing },
    AbortSignal.timeout(45_000),
  );
  process.stdout.write(JSON.stringify(outcome));
}

carryOut(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
