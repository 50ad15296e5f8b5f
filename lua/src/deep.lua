-- The deep mode: Wireshark finds the IP header, for encapsulations that only it knows. Slower, because a field extractor
-- makes Wireshark build a tree for every frame. core is the argument of this chunk.
--
-- A pass without a tree (the first of `tshark -2`, the loading of sharkd) has no fields: then nothing is analysed, and the
-- next pass that goes through the frames in order does it.

local core = ...
local deep = {}

local LOOK = core.decoder.LOOK
local extractors

-- Must be called while the plugin is loaded.
function deep.declare()
  extractors = { frame = Field.new("frame.number"), tcp = Field.new("tcp"), ip = Field.new("ip"),
    ipv6 = Field.new("ipv6"), icmp = Field.new("icmp"), icmpv6 = Field.new("icmpv6") }
end

-- Whether this pass has fields.
function deep.has_tree()
  return extractors.frame() ~= nil
end

local function consider(best, infos, limit)
  for _, info in ipairs(infos) do
    if info.offset <= limit and (best == nil or info.offset >= best.offset) then best = info end
  end
  return best
end

-- The innermost IP packet of a frame that holds TCP or an ICMP error, nil when there is none: .octets (512 at most),
-- how many were .captured, how many the packet had by what carries it (.original), and .source with .offset where they
-- stand. A packet quoted by an ICMP error is read by core/wire from the one in front of it.
function deep.find()
  local inner
  for _, name in ipairs({ "icmp", "icmpv6" }) do
    local first = extractors[name]()
    if first and (inner == nil or first.offset < inner.offset) then inner = first end
  end
  if inner == nil then
    local found = { extractors.tcp() }
    inner = found[#found]
  end
  if inner == nil then return nil end
  local best
  for _, name in ipairs({ "ip", "ipv6" }) do best = consider(best, { extractors[name]() }, inner.offset) end
  if best == nil then return nil end
  local source, offset = best.source, best.offset
  local captured = source:len() - offset
  return { octets = source:raw(offset, captured < LOOK and captured or LOOK), captured = captured,
    original = source:reported_len() - offset, source = source, offset = offset }
end

return deep
