-- A frame of Wireshark through the portable decoder: which link type it has, when it was captured, whether its checksum
-- holds. Nothing here calls Wireshark; `packet` answers what is asked now and then:
--
--   packet:has_time()  packet:is_tcp()
--   packet:is_segment_of(key)               whether Wireshark found a segment with the ports of a connection key
--   packet:has_addresses(octets, quoted)    of source and target, which may be those of a quoted packet
--   packet:octets_at(offset, length)        of the frame, or of what deep.lua found in it; nil when not captured
--   packet:look_into(found)                 from now on octets are those of what deep.lua found
--
-- Arguments of this chunk: core, short.

local core, short = ...
local frames = {}

local model, skips = core.model, core.skips
local decode, Decoder = core.wire.decode, core.decoder.Decoder
local SEGMENT, QUOTE = skips.SEGMENT, skips.QUOTE
local CHECKSUM_BAD, CHECKSUM_PARTIAL = model.CHECKSUM_BAD, model.CHECKSUM_PARTIAL
local byte, floor, ipairs = string.byte, math.floor, ipairs

local LARGEST = 9007199254740991 -- 2^53 - 1; the core's integers end here
local ETHERNET = 1
local LINK_TYPES = { ETHERNET, 101, 113, 276, 0, 9 } -- one for each outermost layer that core/wire reads

-- The reader of one capture.
function frames.new(checksums)
  return {
    decoder = Decoder(),
    checksums = checksums,
    link_type = nil, -- that fitted last
    mixed = false, -- there are frames of several link types
    plain = false, -- all frames are Ethernet as far as is known, and no checksum is asked for
  }
end

-- Microseconds since the first frame, rounded half up as the command line does from exact nanoseconds. `seconds`: as
-- Wireshark has it, a fraction; a frame without a time has that of the frame before, `clock`.
function frames.time(packet, seconds, clock)
  if seconds == 0 and not packet:has_time() then return clock end
  local exact = seconds * 1e6 + 0.5
  local time = floor(exact)
  if exact - time < 0.001 or exact - time > 0.999 then time = floor((floor(seconds * 1e9 + 0.5) + 500) / 1000) end
  if exact ~= exact or time > LARGEST then time = LARGEST elseif time < -LARGEST then time = -LARGEST end
  return time
end

-- Whether a decoder read what Wireshark found: the addresses of the innermost packet and, of a segment, the ports.
local function fits(decoder, code, packet)
  if code == SEGMENT then
    local key = decoder.segment.key
    return packet:is_segment_of(key) and packet:has_addresses(key, false)
  end
  return decoder.addresses ~= nil and packet:has_addresses(decoder.addresses, code == QUOTE)
end

-- The frames of the capture have this link type, from now on or `also`.
local function settle(reader, link_type, also)
  reader.link_type, reader.mixed = link_type, also
  reader.plain = link_type == ETHERNET and not also and not reader.checksums
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
    settle(reader, find_link_type(packet, octets, captured, original), false)
    if reader.link_type == nil then return skips.NOT_IP end
    return decode(decoder, octets, reader.link_type, number, time, 0, captured, original)
  end
  local code = decode(decoder, octets, reader.link_type, number, time, 0, captured, original)
  if packet:is_tcp() then
    if code == SEGMENT and packet:is_segment_of(decoder.segment.key) then return code end
  elseif LIKELY[code] or not reader.mixed then
    return code
  end
  local other = find_link_type(packet, octets, captured, original)
  if other == nil or other == reader.link_type then return code end
  settle(reader, other, true)
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
  if not reader.checksums and (short.USUAL[segment.flags] and not segment.odd or not looks_damaged(segment)) then return end
  local offset = reader.decoder.tcp_offset
  local octets = offset >= 0 and packet:octets_at(offset, reader.decoder.tcp_length) or nil
  segment.checksum_state = checksum_state(segment, octets)
  segment.odd = segment.odd or segment.checksum_state == CHECKSUM_BAD
end

return frames
