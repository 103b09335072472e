import { type LayoutCost, layoutCost } from "./layout-cost.ts";

/** Measures and prints; `npm run bench -- --only layouts` does nothing else. */
export async function printLayouts(): Promise<LayoutCost> {
  console.log(
    "\nThe layout of functions before they followed trust (old), beside today's (new): same code, same bundler",
  );
  const cost = await layoutCost();
  console.log(
    "Each function in fresh processes: loads, answers an empty event, its first of an incident, and that again",
  );
  console.table(cost.starts);
  console.log("Alarm in → first message with a diagnosis, where the time goes (ms, medians)");
  console.table(cost.states);
  console.log("The same, every function cold and all warm (target: 2 longest cold starts plus the work)");
  console.table(cost.firstMessages);
  return cost;
}
