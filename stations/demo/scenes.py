"""x"""
def draw_scene(seed: int, *, subject: str, size: tuple[int, int] = (1600, 1000)) -> bytes:
    """x"""
    return b""
