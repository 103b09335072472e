/**
 * An order into the VPC is carried out where no lock can be asked. Between its sending and its last statement lies less
 * than whoever sent it waits before he holds the world for settled, the clocks of two hosts included: what comes later
 * does nothing, and so fences nobody who has become the primary since.
 */
export const orderTimes = { goodForMs: 10_000, worksMs: 7000, settledMs: 20_000 } as const;
