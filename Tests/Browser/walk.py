"""A whole exam, with the keyboard alone."""
from bench import until

# More phases than this an exam of the short protocol never has.
MOST_TURNS = 60


class Walk:
    """Goes through an exam as a technician does; `look` is called at each new phase, with its name and its count."""

    def __init__(self, case, page, look=None):
        self.case = case
        self.page = page
        self.look = look or (lambda name, count: None)
        self.seen = {}
        self.turns = []

    def go(self):
        for _ in range(MOST_TURNS):
            phase = self.case.wait_for(
                self.page, "ready", "live", "frozen", "recording", "reviewing", "resting", "measuring", "inspecting",
                "ended")
            self.turns.append(phase)
            self.seen[phase] = self.seen.get(phase, 0) + 1
            if phase == "ended":
                self.look(phase, self.seen[phase])
                return
            getattr(self, phase)(self.seen[phase])
        raise AssertionError(f"the exam does not end: {self.turns}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def leave(self, phase, *keys):
        """Presses keys and waits until the phase is another, or the same of another place."""
        step = self.place()
        self.press(*keys)
        until(self.page, 
            "([phase, place]) => document.querySelector('#screen-exam').dataset.phase !== phase"
            " || document.querySelector('.task-title').textContent !== place", arg=[phase, step])

    def place(self):
        return self.page.text_content(".task-title")

    def ready(self, count):
        self.look("ready", count)
        if count > 1:
            self.leave("ready", "Enter")
            return
        # The first step: a live picture, its settings, freeze, calipers, and on.
        self.leave("ready", "Space")
        self.case.wait_for(self.page, "live")
        self.case.wait_for_columns(self.page, 30)
        self.look("live", 1)
        self.press("w", "+", "+", "i", "i", "ArrowRight", "ArrowLeft", "t", "t", "t", "t")
        self.leave("live", "Space")
        self.case.wait_for(self.page, "frozen")
        self.press("c", "ArrowRight", "ArrowUp", "Tab", "ArrowDown")
        self.look("frozen", 1)
        self.press("Escape")
        self.leave("frozen", "Enter")

    def live(self, count):
        self.leave("live", "Space")

    def frozen(self, count):
        self.leave("frozen", "Enter")

    def recording(self, count):
        self.look("recording", count)
        until(self.page, "document.querySelector('#screen-exam').dataset.phase !== 'recording'")

    def reviewing(self, count):
        self.look("reviewing", count)
        self.leave("reviewing", "Enter")

    def resting(self, count):
        self.look("resting", count)
        self.leave("resting", "Enter")

    def measuring(self, count):
        self.look("measuring", count)
        self.press("o")
        until(self.page, "document.activeElement.closest('.task-body') !== null")
        for _ in range(8):
            if self.page.evaluate("document.activeElement.dataset.at") == "area":
                break
            self.press("Tab")
        self.page.keyboard.type("88" if count == 1 else "40")
        self.leave("measuring", "Enter")

    def inspecting(self, count):
        self.look("inspecting", count)
        self.press("o", "Space")
        self.leave("inspecting", "Enter")
