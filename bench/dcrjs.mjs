// Replays traces with the engine of dcr-js (the bundle named on the command line): a job comes in
// as JSON on stdin, the seconds go out. A blocked event happens all the same, as in bench/replay.py.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { execute, isAccepting, isEnabled } = await import(pathToFileURL(process.argv[2]));
const job = JSON.parse(readFileSync(0, "utf8"));

const empty = () => Object.fromEntries(job.acts.map((act) => [act, new Set()]));
const graph = {
  events: new Set(job.acts),
  conditionsFor: empty(),
  milestonesFor: empty(),
  responseTo: empty(),
  includesTo: empty(),
  excludesTo: empty(),
};
for (const [kind, source, target] of job.relations) {
  if (kind === "condition") graph.conditionsFor[target].add(source);
  if (kind === "milestone") graph.milestonesFor[target].add(source);
  if (kind === "response") graph.responseTo[source].add(target);
  if (kind === "include") graph.includesTo[source].add(target);
  if (kind === "exclude") graph.excludesTo[source].add(target);
}

const fresh = () => ({ executed: new Map(), included: new Set(job.acts), pending: new Map() });

function replay() {
  let fitting = 0;
  for (const trace of job.traces) {
    graph.marking = fresh();
    let blocked = 0;
    for (const act of trace) {
      if (!isEnabled(act, graph)) blocked += 1;
      execute(act, graph);
    }
    if (blocked === 0 && isAccepting(graph)) fitting += 1;
  }
  return fitting;
}

const fitting = replay(); // warms the compiler as well
let wall = Infinity;
let work = Infinity;
for (let round = 0; round < 7; round += 1) {
  const begun = performance.now();
  const used = process.cpuUsage();
  for (let n = 0; n < job.repeats; n += 1) replay();
  const { user, system } = process.cpuUsage(used);
  wall = Math.min(wall, (performance.now() - begun) / 1000);
  work = Math.min(work, (user + system) / 1e6);
}
const events = job.repeats * job.traces.reduce((sum, trace) => sum + trace.length, 0);
console.log(JSON.stringify({ wall, work, events, fitting }));
