"""Bodies of a function run(a, b, octets, pair), parted by empty lines: one for each thing that the translator knows.

Each gives a number, a boolean, octets or a text. They stand in a text because most would be strange Python.
"""

TEXT = r"""
return a - (b - 3) - 2 * (a + b) % 7

return (a + b) // 16 % 4 - a * b // 1000

return -a - -1 + (0 - b)

return (a * 4294967296 + b) // 65536 % 4294967296 - 9007199254740991 // 3

return a & MASK == 0 and b & 15 != 15

return (a & MASK) + (15 & b) * 2

return not a == b and not (a < b or b == 3)

return a < b and (b < 5 or a > 3) or a == 7

return 0 <= a < 100 and -4 <= b <= 4

return (a < 3) != (b < 3)

seen = a > 5
if seen:
    return 1
return 0

if a > 9:
    return 1
elif a > 6:
    b = 2
elif b > 3:
    return 3
else:
    b = b + 1
return b

few = octets[0:20]
return octets[a] * 256 + octets[a + 1] - few[len(few) - 1 - a]

return octets[a:b] + octets[0:0] + octets[b : len(octets)]

return octets[a:b] == octets[b:a] or octets[1:1] != octets[0:1]

return int.from_bytes(octets[a : a + 4], "big")

return int.from_bytes(octets[a : a + 2], "big") + int.from_bytes(octets[28:40], "big")

return len(octets[a:b]) + len(octets)

items = [a, b, 7]
items.append(a + b)
return items[0] + items[-1] * items[len(items) - 2] + len(items)

items = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
items[a] += 3
return items[a] - items[10 - a]

items = [a]
items.clear()
items.append(b)
return items[0] + len(items)

total = 0
for each in pair.ends:
    total = total * 10 + each.number
return total

total = 0
items = [1, 2]
for item in items:
    total += item
    if item < 6:
        items.append(item + 2)
return total

return POWERS[a % 4] + pair.ends[1 - b % 2].number

pair.table[a] = b
value = pair.table.get(a)
if value is None or b in pair.table:
    return 1
return value

table = {}
table[octets[0:2]] = a
table.pop(octets[0:1], None)
if octets[0:2] not in table:
    return 5
return len(octets)

table = {}
table[a] = True
table.pop(a, None)
return table.get(a) is None and a not in table

table = {}
table[a * 4294967296 // 4294967296] = 3
return table.get(a) is not None

table = {}
table[a] = 1
table.clear()
return a in table

pair.ends[0].number += a
pair.ends[0].gaps.append(b)
return pair.ends[0].number - pair.ends[0].gaps[-1] + pair.left

last = End(a)
last.after = End(b)
other = Pair(a, b)
return last.after.number + other.left

last = End(a)
return last.after is None and last.seen is not None

n = a
while n > 0:
    n -= 1
    if n % 3 == 1:
        continue
    if n == 2:
        break
    b += n
return b

for i in range(a):
    b += i * i
return b

for i in range(a, b):
    a += i
return a

for i in range(1, 20, 4):
    for j in range(i, b, 3):
        if j % 2 == 0:
            continue
        a += j
return a

for i in range(20, a, -3):
    b += i
for i in range(a, 0, -1):
    b += i
return b

last = -1
for i in range(a):
    if i % 2 == 0:
        last = i
return last

n = 0
while n < 8:
    if n == 0:
        kept = a
    else:
        kept = kept + n
    n += 1
return kept

n = 0
while n < 8:
    square = n * n
    if square > b:
        far = square - b
        a += far
    n += 1
return a

for i in range(5):
    if i == a:
        continue
    b += i
    if b > 90:
        return b
return -b

while True:
    a += 3
    if a > 40:
        break
return a

if a > b:
    low = b
    high = a
else:
    low = a
    high = b
return high * 100 + low

if a > 3:
    return 1
    b = 2
return b

byte = a
sub = byte + b
floor = sub // 2
band = floor & 3
core = band
return core * 1000 + sub

unsigned = a
clear = unsigned
min = clear
ipairs = min
pairs = ipairs
operator = pairs
return operator

return is_large(a * 20) and not is_large(b)

return later(a) - later(b)

if b > 3:
    return "a\\b\"c\n"
return ""
"""

BODIES = TEXT.strip("\n").split("\n\n")
