"""Makes what failed as small as it can be while it still fails in the same way."""
import time


def shrink(parts, fails, seconds=60):
    """The fewest of `parts`, in their order, for which `fails(parts)` still holds, as far as `seconds` suffice."""
    end = time.monotonic() + seconds
    size = max(1, len(parts) // 2)
    while size and parts:
        start = 0
        while start < len(parts):
            if time.monotonic() > end:
                return parts
            fewer = parts[:start] + parts[start + size:]
            if fewer != parts and fails(fewer):
                parts = fewer
            else:
                start += size
        size //= 2
    return parts
