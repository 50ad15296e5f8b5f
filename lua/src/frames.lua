-- A frame of Wireshark through the portable decoder: which link type it has, when it was captured, whether its checksum
-- holds. Nothing here calls Wireshark; `packet` answers what is asked now and then:
--
--   packet:has_time()  packet:is_tcp()  packet:has_ports(source, target)
--   packet:has_addresses(octets, quoted)    of source and target, which may be those of a quoted packet
--   packet:octets_at(offset, length)        of the frame, or of what deep.lua found in it; nil when not captured
--   packet:look_into(found)                 from now on octets are those of what deep.lua found
--
-- core is the argument of this chunk.

local core = ...
local frames = {}

local model, skips = core.model, core.skips
local decode, Decoder = core.wire.decode, core.decoder.Decoder
local SEGMENT, QUOTE = skips.SEGMENT, skips.QUOTE
local CHECKSUM_BAD, CHECKSUM_PARTIAL = model.CHECKSUM_BAD, model.CHECKSUM_PARTIAL
local byte, sub, floor, ipairs = string.byte, string.sub, math.floor, ipairs

local LARGEST = 9007199254740991 -- 2^53 - 1; the core's integers end here
local ETHERNET = 1
local LINK_TYPES = { ETHERNET, 101, 113, 276, 0, 9 } -- one for each outermost layer that core/wire reads
local STAMPED = 32 -- octets of a header with timestamps and nothing else

-- Control bits as an ordinary sender sets them.
local USUAL = {}
for _, flags in ipairs({ 0x02, 0x12, 0x10, 0x18, 0x11, 0x19, 0x04, 0x14 }) do USUAL[flags] = true end

-- The reader of one capture.
function frames.new(checksums)
  local decoder = Decoder()
  local usual = model.Segment(0, 0, "", 0, 0, 0, 0, 0)
  usual.options = decoder.no_options
  usual.header_stated, usual.header_captured = STAMPED, STAMPED
  return {
    decoder = decoder,
    usual = { __index = usual }, -- what a segment of the commonest kind does not say itself
    checksums = checksums,
    link_type = nil, -- that fitted last
    mixed = false, -- there are frames of several link types
    now = 0, -- µs
    latest = 0,
  }
end

-- Microseconds since the first frame, rounded half up as the command line does from exact nanoseconds. `seconds`: as
-- Wireshark has it, a fraction; a frame without a time has that of the frame before.
function frames.time(reader, packet, seconds)
  if seconds == 0 and not packet:has_time() then return reader.now end
  local exact = seconds * 1e6 + 0.5
  local time = floor(exact)
  if exact - time < 0.001 or exact - time > 0.999 then time = floor((floor(seconds * 1e9 + 0.5) + 500) / 1000) end
  if exact ~= exact or time > LARGEST then time = LARGEST elseif time < -LARGEST then time = -LARGEST end
  reader.now = time
  if time > reader.latest then reader.latest = time end
  return time
end

-- The commonest frame, read at one stroke: Ethernet, IPv4 without options, a TCP header with timestamps and nothing
-- else, of a connection seen before. As segments/straight.py; anything else is nil, and left to core/wire. Of the
-- octets the first 66 are looked at.
local function straight(reader, octets, number, time)
  local type1, type2, version, tos, total1, total2, id1, id2, part1, part2, ttl, protocol = byte(octets, 13, 24)
  if protocol ~= 6 or type1 ~= 8 or type2 ~= 0 or version ~= 69 or part2 ~= 0 or part1 % 64 ~= 0 then return nil end
  local seq1, seq2, seq3, seq4, ack1, ack2, ack3, ack4, words, flags, window1, window2, sum1, sum2, urgent1, urgent2,
    nop1, nop2, kind, size, val1, val2, val3, val4, ecr1, ecr2, ecr3, ecr4 = byte(octets, 39, 66)
  if words ~= 128 or kind ~= 8 or size ~= 10 or nop1 ~= 1 or nop2 ~= 1 or ecr4 == nil then return nil end
  if urgent1 ~= 0 or urgent2 ~= 0 or not USUAL[flags] then return nil end
  local tcp_length = total1 * 256 + total2 - 20
  local length = tcp_length - STAMPED
  if length < 0 or (length > 0 and length <= 6) then return nil end -- link padding needs a look
  local decoder = reader.decoder
  local key, checksum = sub(octets, 27, 38), sum1 * 256 + sum2
  local link, addresses = decoder.links[sub(octets, 1, 12)], decoder.sums[key]
  if link == nil or addresses == nil or (addresses + tcp_length) % 65535 == checksum % 65535 then return nil end
  local segment = setmetatable({ frame = number, time = time, key = key, ip_id = id1 * 256 + id2, hop_limit = ttl,
    link = link, seq = ((seq1 * 256 + seq2) * 256 + seq3) * 256 + seq4,
    ack = ((ack1 * 256 + ack2) * 256 + ack3) * 256 + ack4, flags = flags, window = window1 * 256 + window2,
    checksum = checksum, length = length, tsval = ((val1 * 256 + val2) * 256 + val3) * 256 + val4,
    tsecr = ((ecr1 * 256 + ecr2) * 256 + ecr3) * 256 + ecr4 }, reader.usual)
  if tos % 4 ~= 0 then segment.ecn = tos % 4 end
  return segment
end

-- The segment of a frame of the commonest kind, nil for any other.
function frames.straight(reader, octets, number, time)
  if reader.link_type ~= ETHERNET or reader.mixed or reader.checksums then return nil end
  return straight(reader, octets, number, time)
end

-- Whether a decoder read what Wireshark found: the addresses of the innermost packet and, of a segment, the ports.
local function fits(decoder, code, packet)
  if code == SEGMENT then
    local key = decoder.segment.key
    local a, b, c, d = byte(key, #key - 3, #key)
    if not packet:is_tcp() or not packet:has_ports(a * 256 + b, c * 256 + d) then return false end
    return packet:has_addresses(key, false)
  end
  return decoder.addresses ~= nil and packet:has_addresses(decoder.addresses, code == QUOTE)
end

-- The link type by which core/wire finds in a frame what Wireshark found there, nil when none does. Wireshark tells no
-- plugin the link type of a frame. A decoder of its own keeps failures out of the state of the capture.
local function find_link_type(packet, octets, captured, original)
  for _, link_type in ipairs(LINK_TYPES) do
    local probe = Decoder()
    local code = decode(probe, octets, link_type, 1, 0, 0, captured, original)
    if fits(probe, code, packet) then return link_type end
  end
end

-- Results that a frame of another link type hardly gives.
local LIKELY = { [SEGMENT] = true, [QUOTE] = true, [skips.NOT_TCP] = true, [skips.FRAGMENT] = true }

-- Read a frame: the result of core/wire. octets: the first 512 of the frame.
function frames.read(reader, packet, octets, number, time, captured, original)
  local decoder = reader.decoder
  if reader.link_type == nil then
    reader.link_type = find_link_type(packet, octets, captured, original)
    if reader.link_type == nil then return skips.NOT_IP end
    return decode(decoder, octets, reader.link_type, number, time, 0, captured, original)
  end
  local code = decode(decoder, octets, reader.link_type, number, time, 0, captured, original)
  if packet:is_tcp() then
    if code == SEGMENT then
      local key = decoder.segment.key
      local a, b, c, d = byte(key, #key - 3, #key)
      if packet:has_ports(a * 256 + b, c * 256 + d) then return code end
    end
  elseif LIKELY[code] or not reader.mixed then
    return code
  end
  local other = find_link_type(packet, octets, captured, original)
  if other == nil or other == reader.link_type then return code end
  reader.link_type, reader.mixed = other, true
  return decode(decoder, octets, other, number, time, 0, captured, original)
end

-- Results for which the deep mode asks Wireshark.
frames.RARE = { [skips.NOT_IP] = true, [skips.UNKNOWN_LINK_TYPE] = true, [skips.UNKNOWN_PROTOCOL] = true,
  [skips.NOT_TCP] = true, [skips.AUTHENTICATED] = true, [skips.TOO_DEEP] = true }

-- Read an IP packet that deep.lua found.
function frames.read_ip(reader, found, number, time)
  local decoder, layer = reader.decoder, core.decoder.LAYER_IP
  return core.wire.decode_layer(decoder, found.octets, 0, layer, number, time, 0, found.captured, found.original)
end

-- Whether the header is one that a working sender would not make: then the checksum tells damage from fault.
local function looks_damaged(segment)
  local flags = segment.flags
  local low = flags % 32
  local fin, syn, rst = low % 2 == 1, low % 4 >= 2, low % 8 >= 4
  if not segment.header_valid or flags >= 512 or not (syn or rst or low >= 16) then return true end
  if (syn and fin) or (rst and (syn or fin)) then return true end
  return core.options.is_suspect(segment.options, flags)
end

-- The state of a checksum (RFC 9293 §3.1) over pseudo-header, header and payload, which are `octets` (nil when they
-- were not captured whole).
local function checksum_state(segment, octets)
  local partial = segment.checksum_state == CHECKSUM_PARTIAL and CHECKSUM_PARTIAL
  if octets == nil or #octets < 20 or segment.offload then return partial or model.CHECKSUM_UNKNOWN end
  local sum = core.tcp.sum_of_addresses(segment.key) + #octets
  for position = 1, #octets - 1, 2 do
    local high, low = byte(octets, position, position + 1)
    sum = sum + high * 256 + low
  end
  if #octets % 2 == 1 then sum = sum + byte(octets, #octets) * 256 end
  if sum % 65535 == 0 then return model.CHECKSUM_GOOD end
  return partial or CHECKSUM_BAD
end

-- Verify the checksum of the segment read last where that is called for.
function frames.verify(reader, packet)
  local segment = reader.decoder.segment
  if not reader.checksums and (USUAL[segment.flags] and not segment.odd or not looks_damaged(segment)) then return end
  local offset = reader.decoder.tcp_offset
  local octets = offset >= 0 and packet:octets_at(offset, reader.decoder.tcp_length) or nil
  segment.checksum_state = checksum_state(segment, octets)
  segment.odd = segment.odd or segment.checksum_state == CHECKSUM_BAD
end

return frames
