-- Feeds frames and segments to the translated core and writes down all that comes out, line for line as
-- tests/lua/tellers.py does it for the interpreted core. Arguments: core, catalogue, words, and the names of fields by
-- class.

local core, catalogue, words, fields = ...
local Engine, skips = core.Engine, core.skips
local driver = {}

-- A value as text. In 5.3 and later every number must be of the subtype integer: a float would print as 1.0.
local function say(name, value)
  if type(value) == "number" then
    assert(not math.type or math.type(value) == "integer", name .. " is not an integer")
    return string.format("%d", value)
  end
  if type(value) == "table" then
    local items = {}
    for index, item in ipairs(value) do items[index] = say(name, item) end
    return "[" .. table.concat(items, ",") .. "]"
  end
  if name == "key" and value then
    return (value:gsub(".", function(octet) return string.format("%02x", octet:byte()) end))
  end
  return tostring(value)
end

local function describe(lines, class, object)
  local parts = { class }
  for index, name in ipairs(fields[class]) do parts[index + 1] = name .. "=" .. say(name, object[name]) end
  lines[#lines + 1] = table.concat(parts, " ")
end

local function describe_findings(lines, findings, client)
  for _, finding in ipairs(findings) do
    describe(lines, "Finding", finding)
    for _, lang in ipairs({ "en", "zh" }) do
      if client then lines[#lines + 1] = words.message(finding, lang, client) end
    end
  end
end

local function conclude(lines, engine, connection, time)
  local conclusion = Engine.conclude(engine, connection, time)
  describe(lines, "Conclusion", conclusion)
  describe_findings(lines, conclusion.findings, conclusion.client)
end

-- Asks for everything that may be asked at any time; the answers go nowhere.
local function pry(engine, time)
  local connection = engine.first
  while connection do
    Engine.conclude(engine, connection, time)
    Engine.conclude(engine, connection, time + 1000000000)
    connection = connection.after
  end
end

local function observe(run, lines, segment)
  describe(lines, "Segment", segment)
  describe(lines, "Options", segment.options)
  local step = Engine.observe(run.engine, segment)
  describe(lines, "Step", step)
  describe_findings(lines, step.findings)
end

local function settle(run, lines, time)
  if run.nosy then pry(run.engine, time) end
  for _, connection in ipairs(Engine.retired(run.engine)) do conclude(lines, run.engine, connection, time) end
  return table.concat(lines, "\n")
end

-- One capture. With nosy, every open connection is concluded twice at every frame.
function driver.new(nosy)
  local settings = core.model.Settings()
  settings.severity = catalogue.severity
  settings.outside_words = true
  return { decoder = core.decoder.Decoder(), engine = Engine.new(settings), nosy = nosy }
end

-- One frame; checksum_state is that of its segment if not below 0.
function driver.frame(run, octets, link_type, number, time, interface, captured, original, checksum_state)
  local decoder, lines = run.decoder, {}
  local code = core.wire.decode(decoder, octets, link_type, number, time, interface, captured, original)
  lines[1] = "frame " .. say("frame", number) .. " " .. say("code", code) .. " " .. skips.skip_name(code)
  if code == skips.SEGMENT then
    if checksum_state >= 0 then
      decoder.segment.checksum_state = checksum_state
      decoder.segment.odd = decoder.segment.odd or checksum_state == core.model.CHECKSUM_BAD
    end
    observe(run, lines, decoder.segment)
  elseif code == skips.QUOTE then
    describe(lines, "Quote", decoder.quote)
    Engine.observe_quote(run.engine, decoder.quote)
  else
    Engine.tick(run.engine, time)
  end
  return settle(run, lines, time)
end

-- A segment that was made elsewhere; values and option_values are tables by field.
function driver.segment(run, values, option_values)
  local segment = core.model.Segment(values.frame, values.time, values.key, values.ip_id, values.hop_limit, values.ecn,
    values.link, values.interface)
  for name, value in pairs(values) do segment[name] = value end
  segment.options = core.model.Options()
  for name, value in pairs(option_values) do segment.options[name] = value end
  local lines = {}
  observe(run, lines, segment)
  return settle(run, lines, values.time)
end

-- A quotation that was made elsewhere.
function driver.quote(run, values)
  local quote = core.model.Quote(values.frame, values.time, values.key)
  for name, value in pairs(values) do quote[name] = value end
  Engine.observe_quote(run.engine, quote)
  return settle(run, {}, values.time)
end

-- The end of the capture: every connection that is still open.
function driver.finish(run, time)
  local lines = {}
  local connection = Engine.take(run.engine)
  while connection do
    conclude(lines, run.engine, connection, time)
    connection = Engine.take(run.engine)
  end
  return table.concat(lines, "\n")
end

return driver
