import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A release loads an order with its lines, its events and its documents in one join: each row of one times each of the others",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 4), "back-office");
    // An idle pool of another application that has nothing to do with it.
    await stage.mySessions(8, "label-printer");
    const [setup] = clients;
    const orders = stage.number(180, 240);
    await setup?.query(
      "CREATE TABLE purchase_orders (order_no char(26) PRIMARY KEY, customer varchar(60) NOT NULL, placed_at datetime(3) NOT NULL)",
    );
    await setup?.query(
      "CREATE TABLE purchase_order_lines (order_no char(26) NOT NULL, line_no smallint NOT NULL, sku varchar(30) NOT NULL, PRIMARY KEY (order_no, line_no))",
    );
    await setup?.query(
      "CREATE TABLE purchase_order_events (order_no char(26) NOT NULL, seq smallint NOT NULL, what varchar(60) NOT NULL, PRIMARY KEY (order_no, seq))",
    );
    await setup?.query(
      "CREATE TABLE purchase_order_documents (order_no char(26) NOT NULL, doc_no smallint NOT NULL, file_name varchar(80) NOT NULL, PRIMARY KEY (order_no, doc_no))",
    );
    const key = (expression: string) => `CONCAT('01J', LPAD(${expression}, 23, '0'))`;
    await setup?.query(
      `INSERT INTO purchase_orders SELECT ${key("n")}, CONCAT('customer ', n), NOW(3) FROM ${numbersTo(orders)}`,
    );
    await setup?.query(
      `INSERT INTO purchase_order_lines SELECT ${key(`1 + n % ${orders}`)}, n DIV ${orders}, CONCAT('SKU-', n) FROM ${numbersTo(orders * 45)}`,
    );
    await setup?.query(
      `INSERT INTO purchase_order_events SELECT ${key(`1 + n % ${orders}`)}, n DIV ${orders}, 'state changed' FROM ${numbersTo(orders * 40)}`,
    );
    await setup?.query(
      `INSERT INTO purchase_order_documents SELECT ${key(`1 + n % ${orders}`)}, n DIV ${orders}, 'invoice.pdf' FROM ${numbersTo(orders * 8)}`,
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 60, (client, turn) =>
      client.query(
        "select o1_0.order_no, o1_0.customer, o1_0.placed_at, l1_0.line_no, l1_0.sku, e1_0.seq, e1_0.what, d1_0.doc_no, d1_0.file_name from purchase_orders o1_0 left join purchase_order_lines l1_0 on o1_0.order_no = l1_0.order_no left join purchase_order_events e1_0 on o1_0.order_no = e1_0.order_no left join purchase_order_documents d1_0 on o1_0.order_no = d1_0.order_no where o1_0.order_no = ?",
        [`01J${String(1 + (turn % orders)).padStart(23, "0")}`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(88)],
});
