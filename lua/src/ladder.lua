-- The ladder of one connection as text: client left, server right, a rung a segment, below it what step it is, and its
-- findings. A text window of Wireshark opens with some 75 columns.
--
-- Analysis keeps one number a frame, which holds step and states but not the numbers of the segment. So a ladder reads
-- the frames of its connection again: `add` is called with every frame of the capture, in order, and takes those.
--
-- Arguments of this chunk: core, words, analysis, answers.

local core, words, analysis, answers = ...
local ladder = {}

local MOST = 2000 -- rungs; what comes behind them is counted
local MODULUS = 4294967296
local ARROW, STATE = 32, 12 -- columns
local PLAIN = { data = true, ack = true } -- steps that need no line
local FLAGS = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE" }
local format, floor, ipairs = string.format, math.floor, ipairs

-- A ladder of connection `number` that waits for its frames.
function ladder.new(run, number)
  return { run = run, number = number, decoder = core.decoder.Decoder(), base = {}, opened = {}, rungs = {}, left_out = 0 }
end

-- A number relative to the first of its side; below 0 when it lies before that.
local function relative(number, base)
  local distance = (number - base) % MODULUS
  return distance < MODULUS / 2 and distance or distance - MODULUS
end

-- Take a frame if it is one of the connection; octets: its first 512, time: µs.
function ladder.add(drawing, octets, frame, time, captured, original)
  local run = drawing.run
  local row = run.rows[frame]
  if row == nil or row < 0 then return end
  local number, step, again, side, state0, state1 = analysis.read_row(row)
  if number ~= drawing.number or step == "" then return end
  if #drawing.rungs >= MOST then
    drawing.left_out = drawing.left_out + 1
    return
  end
  local rung = { frame = frame, time = time, step = step, again = again, side = side, state0 = state0, state1 = state1 }
  drawing.rungs[#drawing.rungs + 1] = rung
  local decoder = drawing.decoder
  local code = core.wire.decode(decoder, octets, run.reader.link_type or 1, frame, time, 0, captured, original)
  if code ~= core.skips.SEGMENT then return end
  local segment, base = decoder.segment, drawing.base
  local low = segment.flags % 32
  local has_ack, syn = low >= 16, low % 4 >= 2 and low % 8 < 4
  if base[side] == nil or (syn and not drawing.opened[side]) then base[side] = segment.seq end
  if syn then drawing.opened[side] = true end
  if has_ack and base[1 - side] == nil then base[1 - side] = syn and (segment.ack - 1) % MODULUS or segment.ack end
  rung.flags, rung.length = segment.flags, segment.length
  rung.seq = relative(segment.seq, base[side])
  if has_ack then rung.ack = relative(segment.ack, base[1 - side]) end
end

-- Columns that a text in UTF-8 fills: a Chinese character takes two.
local function width(text)
  local columns = 0
  for first in text:gmatch("[%z\1-\127\194-\244][\128-\191]*") do
    local lead = first:byte()
    columns = columns + ((lead >= 0xE3 and lead <= 0xED or lead == 0xEF) and 2 or 1)
  end
  return columns
end

-- A text filled with spaces to so many columns.
function ladder.pad(text, columns)
  return text .. (" "):rep(columns - width(text))
end

local function flag_names(flags)
  local names = {}
  for index, name in ipairs(FLAGS) do
    if floor(flags / 2 ^ (index - 1)) % 2 == 1 then names[#names + 1] = name end
  end
  return #names > 0 and table.concat(names, ",") or "no flags"
end

-- Microseconds as seconds with six places.
function ladder.seconds(time)
  local sign = time < 0 and "-" or ""
  if time < 0 then time = -time end
  return format("%s%d.%06d", sign, floor(time / 1000000), time % 1000000)
end

local function arrow(rung, to_right)
  if rung.flags == nil then return (" "):rep(ARROW) end
  local label = format(" %s seq %d", flag_names(rung.flags), rung.seq)
  if rung.ack then label = format("%s ack %d", label, rung.ack) end
  if rung.length > 0 then label = format("%s len %d", label, rung.length) end
  label = label .. " "
  local fill = ("─"):rep(math.max(1, ARROW - #label - 3))
  return to_right and "──" .. label .. fill .. "▶" or "◀" .. fill .. label .. "──"
end

-- The ladder as text. mark(found, frame): the line of a finding, nil when it is not to be shown.
function ladder.text(drawing, lang, mark)
  local client = answers.client(drawing.run, drawing.number)
  local lines = {}
  for _, rung in ipairs(drawing.rungs) do
    local left, right = rung.state0, rung.state1
    if client == 1 then left, right = right, left end
    lines[#lines + 1] = format("%6d %9s %s %s %s", rung.frame, ladder.seconds(rung.time),
      ladder.pad(words.state(left, lang), STATE), arrow(rung, rung.side == client), words.state(right, lang))
    if rung.again or not PLAIN[rung.step] then
      lines[#lines + 1] = (" "):rep(STATE + 6) .. words.step(rung.step, rung.again, lang)
    end
    for _, found in ipairs(answers.findings_at(drawing.run, rung.frame, drawing.number)) do
      local line = mark(found)
      if line then lines[#lines + 1] = "        └─ " .. line end
    end
  end
  if drawing.left_out > 0 then
    lines[#lines + 1] = format(lang == "zh" and "⋮ 省略 %d 个报文段" or "⋮ %d segments left out", drawing.left_out)
  end
  return table.concat(lines, "\n") .. "\n"
end

return ladder
