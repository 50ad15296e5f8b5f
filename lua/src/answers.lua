-- What is known of a connection or a frame of an analysed capture, at any time. Asking changes nothing.
-- Arguments of this chunk: core, analysis.

local core, analysis = ...
local answers = {}

local conclude = core.Engine.conclude
local ipairs, type = ipairs, type

local NO_FINDINGS = {}
local outcomes = {} -- the words of summaries, shared: there are few combinations

local function share_outcome(conclusion)
  local mark = table.concat({ conclusion.handshake, conclusion.handshake_verdict, conclusion.teardown,
    conclusion.teardown_verdict, conclusion.verdict, conclusion.client, tostring(conclusion.client_certain),
    conclusion.active_closer, conclusion.state0, conclusion.state1, conclusion.completeness,
    table.concat(conclusion.evidence, " ") }, ",")
  local outcome = outcomes[mark]
  if outcome == nil then
    outcome = { handshake = conclusion.handshake, handshake_verdict = conclusion.handshake_verdict,
      teardown = conclusion.teardown, teardown_verdict = conclusion.teardown_verdict, verdict = conclusion.verdict,
      client = conclusion.client, client_certain = conclusion.client_certain,
      active_closer = conclusion.active_closer, state0 = conclusion.state0, state1 = conclusion.state1,
      completeness = conclusion.completeness, evidence = conclusion.evidence }
    outcomes[mark] = outcome
  end
  return outcome
end

-- What is kept of a conclusion (core.model.Conclusion).
local function shrink(conclusion)
  local findings = conclusion.findings
  return { outcome = share_outcome(conclusion), key = conclusion.key, first_frame = conclusion.first_frame,
    last_frame = conclusion.last_frame, segments = conclusion.segments, retry_of = conclusion.retry_of,
    reuse_of = conclusion.reuse_of, findings = #findings > 0 and findings or NO_FINDINGS }
end

-- The summary of a connection of the core, as of now.
function analysis.summarise(run, connection)
  return shrink(conclude(run.engine, connection, run.engine.now))
end

-- A connection that left in the very frame that made it one: it waits to be let go.
local function summarise_finished(run, number)
  for _, connection in ipairs(run.engine.finished) do
    if connection.number == number then return analysis.summarise(run, connection) end
  end
end

local function copied(object)
  local copy = {}
  for name, value in pairs(object) do copy[name] = value end
  return copy
end

-- The engine keeps a lone SYN packed. A copy of it unpacks the SYN, so that the engine itself does not change.
local function summarise_lone(run, key, number)
  local packed = run.engine.lone[key]
  if packed == nil or core.lone.number_of(packed) ~= number then return summarise_finished(run, number) end
  local copy = copied(run.engine)
  copy.arrival, copy.notes, copy.census = core.connection.Arrival(), {}, copied(copy.census)
  copy.arrival.engine = copy
  local connection = core.flood.revive(copy, key, core.flood.reverse_key(key), packed)
  return shrink(conclude(copy, connection, run.engine.now))
end

-- The summary of a connection: of a retired one as it was then, of an open one as of now; nil when it is not known.
--   .outcome   handshake, teardown, their verdicts, verdict, client (0, 1), client_certain, active_closer, state0,
--              state1, completeness, evidence; as in core.model.Conclusion
--   .key .first_frame .last_frame .segments .retry_of .reuse_of .findings
function answers.summary(run, number)
  local summary = run.summaries[number]
  if summary then return summary end
  if run.concluded_at ~= run.frames then run.concluded, run.concluded_at = {}, run.frames end
  summary = run.concluded[number]
  if summary then return summary end
  local connection = run.open[number]
  if connection == nil then return nil end
  if type(connection) == "string" then
    summary = summarise_lone(run, connection, number)
  else
    summary = analysis.summarise(run, connection)
  end
  run.concluded[number] = summary
  return summary
end

-- How many connections there are; they count from 0.
function answers.count(run)
  return run.engine.next_number
end

-- The end that is the client as far as is known now: 0 or 1.
function answers.client(run, number)
  local connection = run.open[number]
  if type(connection) == "table" then return core.evidence.client_side(connection) end
  local summary = run.summaries[number]
  return summary and summary.outcome.client or 0
end

local function add_findings(found, run, number, frame)
  local summary = number and answers.summary(run, number)
  if summary == nil then return end
  for _, finding in ipairs(summary.findings) do
    if finding.frame == frame then
      found[#found + 1] = { finding = finding, number = number, client = summary.outcome.client }
    end
  end
end

-- All that stands at a frame of a connection by what is known now: a list of finding, number of its connection, client.
function answers.findings_at(run, frame, number)
  local found = {}
  add_findings(found, run, run.elder[number], frame)
  add_findings(found, run, number, frame)
  add_findings(found, run, run.younger[number], frame)
  return found
end

-- What became certain with the frame analysed last, in the same form; nil for nothing.
function answers.fresh(run, number)
  if run.fresh == nil then return nil end
  local found, client = {}, answers.client(run, number)
  for index, finding in ipairs(run.fresh) do found[index] = { finding = finding, number = number, client = client } end
  return found
end

return answers
