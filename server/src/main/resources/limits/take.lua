-- Takes a permit of each bucket in KEYS, or of none where one of them is empty.
-- ARGV: 1 to take, 0 to look only; then burst, permits and period in microseconds of each bucket.
-- Answers three numbers of each: whether there was a permit, how many are left, and in how many
-- microseconds there will be one more.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local left = {}
local all = true
for i, key in ipairs(KEYS) do
  local burst, permits, period = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local kept = redis.call('HMGET', key, 'left', 'at')
  left[i] = burst
  if kept[1] then
    local back = math.max(0, now - tonumber(kept[2])) * permits / period
    left[i] = math.min(burst, tonumber(kept[1]) + back)
  end
  all = all and left[i] >= 1
end
local answer = {}
for i, key in ipairs(KEYS) do
  local burst, permits, period = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local granted = left[i] >= 1
  if all and ARGV[1] == '1' then
    left[i] = left[i] - 1
    redis.call('HSET', key, 'left', string.format('%.17g', left[i]), 'at', string.format('%.0f', now))
    redis.call('PEXPIRE', key, math.ceil((burst - left[i]) * period / permits / 1000) + 10000)
  end
  local wait = period / permits
  if not granted then
    wait = (1 - left[i]) * period / permits
  end
  table.insert(answer, granted and 1 or 0)
  table.insert(answer, math.floor(left[i]))
  table.insert(answer, math.ceil(wait))
end
return answer
