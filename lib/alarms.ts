import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Rule } from "aws-cdk-lib/aws-events";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { alarmTopic } from "./alarm-topic.ts";

export interface AlarmsProps {
  readonly deadLetters: IQueue;
  readonly machine: StateMachine;
  readonly failovers: StateMachine;
  readonly intake: IFunction;
  /** What brings signals from EventBridge; the alarm's id begins with its name here. */
  readonly rules: Readonly<Record<string, Rule>>;
  /** The only function that strangers can call. */
  readonly interaction: IFunction;
  /** All of them; the alarm's id is the construct's. */
  readonly functions: readonly IFunction[];
  readonly operatorEmail: string | null;
}

/** Namespace of the metrics that the functions write into their logs; functions/wiring.ts hands it to the log. */
const metricNamespace = "RdsResponder";

const minute = { period: Duration.minutes(1) };

/** Who watches the watcher. These alarms go to their own topic, not through the responder. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = alarmTopic(this, "Operators", "rds-responder itself");
    if (props.operatorEmail !== null) {
      this.topic.addSubscription(
        new EmailSubscription(props.operatorEmail, { deadLetterQueue: props.deadLetters }),
      );
    }
    this.onSignals(props);
    this.onClicks(props.interaction);
    this.onExecutions(props.machine);
    this.onFailovers(props.failovers);
    this.when("MessagesNotSent", own("MessagesNotSent"), "Messages could not be delivered to the channel", 3);
    this.when(
      "SettingsInvalid",
      own("SettingsInvalid"),
      "The newest settings are not valid, or cannot be read: the last good ones go on, and nothing is done without a person",
    );
    for (const fn of props.functions) {
      const name = fn.node.id;
      this.when(`${name}Errors`, fn.metricErrors(minute), `Function ${name} fails`, 3);
    }
  }

  /** Every place where a signal can get stuck or lost. */
  private onSignals({ deadLetters, intake, rules }: AlarmsProps): void {
    this.when(
      "DeadLettersWaiting",
      deadLetters.metricApproximateNumberOfMessagesVisible(minute),
      "Signals that were not understood or not delivered wait in the dead-letter queue",
    );
    this.when(
      "IntakeThrottled",
      intake.metricThrottles(minute),
      "Lambda throttles the intake; signals wait for another try",
    );
    this.when(
      "SignalsDropped",
      intake.metric("AsyncEventsDropped", { ...minute, statistic: "Sum" }),
      "Signals were given up before the intake saw them",
    );
    this.when(
      "SignalsNotDeadLettered",
      intake.metric("DestinationDeliveryFailures", { ...minute, statistic: "Sum" }),
      "Signals that failed could not be put into the dead-letter queue",
    );
    for (const [name, rule] of Object.entries(rules)) {
      const metric = new Metric({
        namespace: "AWS/Events",
        metricName: "FailedInvocations",
        dimensionsMap: { RuleName: rule.ruleName },
        statistic: "Sum",
        ...minute,
      });
      this.when(`${name}Failed`, metric, "EventBridge could not hand signals to the intake");
    }
  }

  /** The address is public: whoever calls it without Slack's signature may be filling the places of real clicks. */
  private onClicks(interaction: IFunction): void {
    this.when(
      "ClicksThrottled",
      interaction.metricThrottles(minute),
      "Clicks find no free place: somebody fills the public address, or too little is reserved for it",
    );
    this.when(
      "ClicksRejected",
      own("InteractionsRejected"),
      "Requests that Slack has not signed: a stranger, or a signing secret that is not the app's",
      10,
    );
  }

  /** An execution that ends so has left its incident without anybody who looks. */
  private onExecutions(machine: StateMachine): void {
    this.when("ExecutionsFailed", machine.metricFailed(minute), "An incident's execution failed for good");
    this.when("ExecutionsAborted", machine.metricAborted(minute), "Somebody stopped an incident's execution");
    this.when(
      "ExecutionsTimedOut",
      machine.metricTimedOut(minute),
      "An incident's execution ran out of time",
    );
    this.when(
      "ExecutionsThrottled",
      machine.metricThrottled(minute),
      "Step Functions throttles the responder",
    );
  }

  /** People are told in the thread; this says so where the thread is not read, or could not be written. */
  private onFailovers(machine: StateMachine): void {
    this.when(
      "FailoversFailed",
      machine.metricFailed(minute),
      "A failover ended in a state that needs a person",
    );
    this.when(
      "FailoversUntold",
      own("FailoversUntold"),
      "A failover ended and the channel took no word of it: responder failover --show, or the function's log",
    );
    this.when("FailoversAborted", machine.metricAborted(minute), "Somebody stopped a failover's execution");
    this.when("FailoversTimedOut", machine.metricTimedOut(minute), "A failover's execution ran out of time");
  }

  private when(id: string, metric: IMetric, alarmDescription: string, threshold = 1): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

/** A metric that the functions write into their log in embedded metric format. */
function own(metricName: string): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    statistic: "Sum",
    period: Duration.minutes(5),
  });
}
