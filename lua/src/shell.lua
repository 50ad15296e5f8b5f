local _, catalogue, _, short, analysis, answers, settings, tree, ladder, windows, deep = ...
-- tcplint in Wireshark: a post-dissector that passes each frame through the core once, in order, and shows what is known
-- of a frame whenever Wireshark draws it.
--
-- Wireshark dissects a frame for the first time with pinfo.visited == false: then, and in that order, it is analysed.
-- Every later time only the answers are drawn, so filters, sorting, jumping and colours cannot change them. What is said
-- of a frame on its first visit is what was known then; later, what the whole capture shows.
--
-- No field extractor is used: the octets go through the same decoder as in Python, and so the passes of Wireshark that
-- build no tree (`tshark -2`, sharkd) are enough. DEEP lets Wireshark find the IP header instead, for encapsulations
-- that only it knows (docs/decisions/0011-wireshark-shell.md); `tcplint wireshark install --deep` sets it.
local DEEP = false

local OLDEST = { 4, 0 }
local FEW, LOOK = short.LOOK, 512 -- octets that the commonest frame needs, and those that core/wire looks at
local TCP = 2 -- pinfo.port_type
local MOST_PROBLEMS = 1000 -- errors of ours that are kept

local function too_old()
  local major, minor = (get_version and get_version() or "0.0"):match("^(%d+)%.(%d+)")
  major, minor = tonumber(major or 0), tonumber(minor or 0)
  return major < OLDEST[1] or (major == OLDEST[1] and minor < OLDEST[2])
end

if too_old() then
  local message = "tcplint needs Wireshark 4.0 or later and is switched off; this is " .. get_version()
  if gui_enabled() then report_failure(message) else io.stderr:write(message, "\n") end
  return
end

set_plugin_info({ version = catalogue.version, author = "tcplint", description =
  "Judges how TCP connections open and close against RFC 9293" })

local proto = Proto("tcplint", "TCP conformance (RFC 9293)")
settings.declare(proto)
tree.declare(proto)

if DEEP then deep.declare() end

local run, chosen, dissector
local latest = 0 -- the highest number of a frame that was analysed
local problems, problem_count = {}, 0 -- errors of ours by frame
local drawing -- a ladder that waits for its frames
local selected -- the number of the connection of the frame that was shown in full last

-- What analysis asks of a frame now and then.
local packet = {}

function packet:has_time()
  return self.pinfo.abs_ts ~= 0
end

function packet:is_tcp()
  return self.pinfo.port_type == TCP
end

function packet:is_segment_of(key)
  local pinfo = self.pinfo
  if pinfo.port_type ~= TCP then return false end
  local a, b, c, d = key:byte(#key - 3, #key)
  return pinfo.src_port == a * 256 + b and pinfo.dst_port == c * 256 + d
end

local function address(octets)
  if #octets == 4 then return Address.ip(string.format("%d.%d.%d.%d", octets:byte(1, 4))) end
  local groups = {}
  for position = 1, 15, 2 do groups[#groups + 1] = string.format("%02x%02x", octets:byte(position, position + 1)) end
  return Address.ipv6(table.concat(groups, ":"))
end

function packet:has_addresses(octets, quoted)
  local size = #octets >= 32 and 16 or 4
  local source, target = address(octets:sub(1, size)), address(octets:sub(size + 1, 2 * size))
  local from, to = self.pinfo.net_src, self.pinfo.net_dst
  return (from == source and to == target) or (quoted and to == source)
end

function packet:octets_at(offset, length)
  offset = offset + self.base
  if offset + length > self.tvb:len() then return nil end
  return self.tvb:raw(offset, length)
end

function packet:look_into(found)
  self.tvb, self.base = found.source, found.offset
end

-- Methods of Wireshark's objects, taken from the first of each: to look one up costs more than to call it.
local length_of, octets_of, is_wanted

local function first_octets(tvb, captured, most)
  return captured > 0 and octets_of(tvb, 0, captured < most and captured or most) or ""
end

-- The first visit of a frame.
local function analyse(tvb, pinfo, frame)
  packet.tvb, packet.base, packet.pinfo = tvb, 0, pinfo
  local captured, seconds = length_of(tvb), pinfo.rel_ts
  local octets = first_octets(tvb, captured, FEW)
  if analysis.common_frame(run, packet, octets, frame, seconds) then return end
  if captured > FEW then octets = first_octets(tvb, captured, LOOK) end
  analysis.frame(run, packet, octets, frame, seconds, captured, pinfo.len, DEEP and deep.find)
end

-- Every frame leaves a table behind, so Lua's own pace would let the heap grow to three times what is in use. Percent: of
-- the heap at which the next collection begins, and of what is collected for what is allocated.
local PAUSE, PACE = 170, 1000

local function begin(tvb, root)
  length_of, octets_of, is_wanted = tvb.len, tvb.raw, root.referenced
  pcall(collectgarbage, "setpause", PAUSE)
  pcall(collectgarbage, "setstepmul", PACE)
  chosen = settings.resolve(proto.prefs)
  run = analysis.new(chosen.checksums)
end

-- Whether this is the time to analyse the frame. In deep mode a pass without fields is passed over, and the frames are
-- taken in the first pass in which they come one after the other.
local function due(frame, visited)
  if not DEEP then return not visited end
  if run.rows[frame] and visited then return false end
  if not deep.has_tree() then return false end
  if visited and frame ~= run.frames + 1 then return false end
  return true
end

-- While a ladder waits, every frame of the capture comes by again.
local function draw_rung(tvb, pinfo, frame)
  local captured = tvb:len()
  local time = math.floor(pinfo.rel_ts * 1e6 + 0.5)
  ladder.add(drawing, first_octets(tvb, captured, LOOK), frame, time, captured, pinfo.len)
end

local function mark_info(pinfo, shown)
  for _, each in ipairs(shown) do pinfo.cols.info:append(" [" .. each.finding.code .. "]") end
end

local function dissect(tvb, pinfo, root)
  if run == nil then begin(tvb, root) end
  local frame, found = pinfo.number, nil
  -- A frame behind all others was never visited. Under a read filter several have the same number.
  local visited = (DEEP or frame <= latest) and pinfo.visited
  if due(frame, visited) then
    latest = frame
    analyse(tvb, pinfo, frame)
    if run.fresh then
      found = answers.fresh(run, (analysis.read_row(run.rows[frame])))
      run.fresh = nil
    end
  end
  if drawing then draw_rung(tvb, pinfo, frame) end
  local wanted = is_wanted(root, dissector) -- also when the tree is visible
  if not visited and not wanted and found == nil then return end
  local row = run.rows[frame]
  if row == nil then return end
  if row >= 0 and visited then
    local number = analysis.read_row(row)
    if root.visible then selected = number end
    found = answers.findings_at(run, frame, number)
  end
  local shown = tree.draw(proto, root, run, frame, chosen, found, wanted)
  if chosen.tag and #shown > 0 then mark_info(pinfo, shown) end
end

-- An error of ours must not disturb the dissection of TCP. It is shown at its frame, also when that is drawn again.
function proto.dissector(tvb, pinfo, root)
  local fine, problem = pcall(dissect, tvb, pinfo, root)
  if fine and problem_count == 0 then return end
  local frame = pinfo.number
  if not fine then
    problem = tostring(problem)
    if problem_count < MOST_PROBLEMS then problems[frame], problem_count = problem, problem_count + 1 end
  end
  problem = problem or problems[frame]
  if problem then tree.draw_problem(proto, root, problem) end
end

-- Called when a file is opened, and again when it is closed or reloaded, and at the end of tshark.
function proto.init()
  run, drawing, selected, latest = nil, nil, nil, 0
  problems, problem_count = {}, 0
end

function proto.prefs_changed()
  chosen = settings.resolve(proto.prefs)
end

register_postdissector(proto)
dissector = Dissector.get("tcplint")

-- The ladder of the connection of the selected frame: all frames are dissected once more.
local function draw_ladder()
  if run == nil or selected == nil or selected < 0 then return nil end
  drawing = ladder.new(run, selected)
  retap_packets()
  local drawn = drawing
  drawing = nil
  return drawn
end

if gui_enabled() then
  windows.declare({
    run = function() return run end,
    chosen = function() return chosen or settings.resolve(proto.prefs) end,
    draw_ladder = draw_ladder,
  })
end
