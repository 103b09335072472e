import { newestOfOne } from "../faults/newest-of-one.ts";

export const scenario = newestOfOne("mariadb", {
  title: "The newest ten of one owner, by the index of the time alone: it is walked until ten are found",
  index: ", KEY ix_made (made_at)",
});
