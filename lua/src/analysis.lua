-- One capture in Wireshark, frame by frame, in order and once. What is kept: of a frame one number (`rows`), of an open
-- connection what the core keeps, of one that can change no more a summary (answers.lua). Nothing here calls Wireshark.
--
-- A connection is known by its number. Connections of one address and port pair are neighbours (`elder`, `younger`): a
-- finding of one may stand at a frame of another, such as the SYN that ended it.
--
-- Arguments of this chunk: core, catalogue, frames, short.

local core, catalogue, frames, short = ...
local analysis = {}

local Engine, flood, skips = core.Engine, core.flood, core.skips
local observe = Engine.observe
local SEGMENT, QUOTE = skips.SEGMENT, skips.QUOTE
local ESTABLISHED = core.model.ESTABLISHED
local floor, ipairs, type = math.floor, ipairs, type

local DRAIN = 256 -- segments between two looks at the connections that retired, as in check.py

-- A row: ((number · 16 + step) · 4 + again · 2 + side) · 256 + state of end 0 · 16 + state of end 1; number counts from
-- 1 there, 0 is no connection. A negative row is the code of a skip.
local STEPS = { [0] = "handshake-1", "handshake-2", "handshake-3", "close-1", "close-2", "close-3", "close-4",
  "close-2+3", "reset", "data", "ack", "keep-alive", "duplicate", "foreign", "invalid", "" }
local QUOTED = 15 -- the step of an ICMP error, which is none
local CONNECTION = 16384 -- 2^14, what a row is divided by to get the number
local step_index, calm_data, calm_ack = {}, {}, {}
for index, name in pairs(STEPS) do step_index[name] = index end
for side = 0, 1 do
  local rest = CONNECTION + side * 256 + ESTABLISHED * 17
  calm_data[side] = step_index.data * 1024 + rest
  calm_ack[side] = step_index.ack * 1024 + rest
end

local function row_of(step)
  return (((step.connection + 1) * 16 + step_index[step.name]) * 4 + (step.again and 2 or 0) + step.side) * 256 +
    step.state0 * 16 + step.state1
end

-- The state of one capture. With `checksums`, those of all segments are verified, not only of damaged-looking ones.
function analysis.new(checksums)
  local settings = core.model.Settings()
  settings.severity = catalogue.severity
  local engine = Engine.new(settings)
  local run = {
    reader = frames.new(checksums),
    engine = engine,
    calm_step = engine.calm_step,
    frames = 0, -- analysed
    due = DRAIN, -- frames after which connections that retired are let go; one more for each that is no segment
    known = 0, -- connections numbered when the pairs were looked at last
    rows = {}, -- by frame
    open = {}, -- by number: the core's connection, or the key of a lone SYN
    summaries = {}, -- by number, of retired connections
    concluded = {}, -- by number, of open connections, as long as no frame comes
    concluded_at = 0,
    newest = {}, -- by key of a pair: number of its newest connection
    elder = {}, -- by number: the connection before it on its pair
    younger = {},
    fresh = nil, -- findings that became certain with the frame analysed last
  }
  run.read_common = short.new(run, row_of, CONNECTION, calm_data, calm_ack, frames.time)
  return run
end

-- A connection and the one before it on its pair become neighbours.
local function settle_pair(run, number, key)
  local newest = run.newest
  local before = newest[key]
  if before == nil then
    local reverse = flood.reverse_key(key)
    before = newest[reverse]
    newest[reverse] = nil
  end
  if before == nil or before < number then newest[key] = number else newest[key] = before end
  if before and before < number then
    run.elder[number], run.younger[before] = before, number
  end
end

local function register(run, connection)
  if connection == nil or connection.number < 0 then return end
  local number = connection.number
  if run.open[number] == connection then return end
  if run.open[number] == nil then settle_pair(run, number, connection.chain.key) end
  run.open[number] = connection
end

-- Learn which connections the engine has on a pair; the number of the present one, -1 for none.
local function register_pair(run, key)
  local engine = run.engine
  local chain = engine.chains[key]
  if chain then
    register(run, chain.current)
    register(run, chain.pending)
    register(run, chain.again)
    return chain.current and chain.current.number or -1
  end
  local packed = engine.lone[key]
  if packed == nil then return -1 end
  local number = core.lone.number_of(packed)
  if run.open[number] == nil then
    settle_pair(run, number, key)
    run.open[number] = key
  end
  return number
end

-- Let go of what retired. `summarise` is that of answers.lua.
local function drain(run)
  run.due = run.frames + DRAIN
  for _, connection in ipairs(Engine.retired(run.engine)) do
    local number = connection.number
    if run.open[number] == nil then settle_pair(run, number, connection.chain.key) end
    run.summaries[number] = analysis.summarise(run, connection)
    run.open[number] = nil
  end
end

local function take_segment(run, number, segment)
  local engine = run.engine
  local step = observe(engine, segment)
  if step == run.calm_step then
    local base = step.name == "data" and calm_data or calm_ack
    run.rows[number] = step.connection * CONNECTION + base[step.side]
  else
    if engine.next_number ~= run.known or type(run.open[step.connection]) ~= "table" then
      run.known = engine.next_number
      register_pair(run, segment.key)
      register(run, engine.arrival.connection)
    end
    run.rows[number] = row_of(step)
    if #step.findings > 0 then run.fresh = step.findings end
  end
end

local function take_quote(run, number, quote)
  run.due = run.due + 1
  Engine.observe_quote(run.engine, quote)
  local connection = register_pair(run, quote.key)
  run.rows[number] = ((connection + 1) * 16 + QUOTED) * 1024
end

-- Analyse the next frame, of which core/wire has said `code`.
local function take(run, packet, code, number, time)
  local reader = run.reader
  if code == SEGMENT then
    frames.verify(reader, packet)
    take_segment(run, number, reader.decoder.segment)
  elseif code == QUOTE then
    take_quote(run, number, reader.decoder.quote)
  else
    run.due = run.due + 1
    run.rows[number] = -code
    Engine.tick(run.engine, time)
  end
end

-- Analyse a frame of a common kind; false for any other, which remains to be analysed. octets: the first 114, or all of
-- a shorter one; seconds: since the first frame.
function analysis.common_frame(run, packet, octets, number, seconds)
  if not run.reader.plain then return false end
  local segment = run.read_common(octets, number, seconds, packet)
  if segment == nil then return false end
  if segment ~= true then take_segment(run, number, segment) end
  local count = run.frames + 1
  run.frames = count
  if count == run.due then drain(run) end
  return true
end

-- Analyse any frame. octets: its first 512; packet: see frames.lua; find: deep.find in deep mode.
function analysis.frame(run, packet, octets, number, seconds, captured, original, find)
  local reader = run.reader
  local time = frames.time(packet, seconds, run.engine.clock)
  local code = frames.read(reader, packet, octets, number, time, captured, original)
  local found = find and frames.RARE[code] and find()
  if found then
    packet:look_into(found)
    code = frames.read_ip(reader, found, number, time)
  end
  take(run, packet, code, number, time)
  run.frames = run.frames + 1
  if run.frames == run.due then drain(run) end
end

-- What a row says: connection number (-1: none), name of the step ("" for an ICMP error), again, side, states of both
-- ends. A row that is a skip gives nil and the name of the skip.
function analysis.read_row(row)
  if row < 0 then return nil, skips.skip_name(-row) end
  local rest = row % CONNECTION
  local marks = floor(rest / 256) % 4
  return floor(row / CONNECTION) - 1, STEPS[floor(rest / 1024)], marks >= 2, marks % 2, floor(rest / 16) % 16, rest % 16
end

return analysis
