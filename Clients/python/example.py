# %% [markdown]
# An exam of a simulated patient, cell by cell: for Jupyter, VS Code or Spyder, or `python3 example.py`.
# It keeps its exam in ./archive and writes ./report.pdf, and ./spectrum.png where matplotlib is installed.

# %% A console of its own: `probe="usb"` would be a real one
from dopplerbridge import Columns, Console

console = Console.start(probe="sim:ccsvi", archive="archive")
print(console.session()["software"], "with", console.device()["probe"])
print(*console.read_statement(), sep="\n")

# %% What can be followed
for protocol in console.protocols():
    print(f"{protocol['id']:16} {protocol['steps']:3} steps, {protocol['minutesRecorded']:.0f} min", protocol["title"])

# %% Begin, and look on live while the first step is recorded
exam = console.begin("S001", protocol="neck-short", indication="an example")
questions = console.questions()
state = next(questions)
print(exam.exam_id, "waits at:", state["steps"][0]["name"], state["settings"]["prfHz"], "Hz PRF")
pieces = []
with console.live() as live:
    console.act("record")
    for message in live:
        if isinstance(message, Columns):
            pieces.append(message)
        elif isinstance(message, dict) and message["event"] == "exam" and message["exam"]["phase"] == "reviewing":
            break
print(sum(len(piece) for piece in pieces), "live columns in", len(pieces), "pieces")

# %% The other steps: what each question is answered with is the operator's to say
for state in questions:
    if state["phase"] == "ready":
        console.act("record")
    elif state["phase"] == "reviewing":
        print(f"step {state['step']}: {state['takes'][-1]['words']}")
        console.act("accept")
    elif state["phase"] == "measuring":
        console.act("area", areaMm2=40.5, breathingPhase="endExpiration")
    elif state["phase"] == "inspecting":
        console.act("lumen", status="normal")

# %% What it came to
review = exam.review()
for definition in review["definitions"]:
    print(definition["id"], definition["verdict"])
for criterion in review["definitions"][0]["criteria"]:
    print(" ", criterion["id"], criterion["status"], criterion["title"], criterion["evidence"])
exam.report("report.pdf")

# %% The spectrum of the first recording, in cm/s
recording_id, recording = next(iter(exam.recordings().items()))
columns = exam.columns(recording_id)
nyquist = recording["nyquistVelocityCmPerS"]
try:
    import matplotlib.pyplot as plot
except ImportError:
    print("spectrum.png is not drawn: no matplotlib")
else:
    seconds = columns.seconds
    figure, axes = plot.subplots(figsize=(9, 4))
    axes.imshow(columns.matrix().T, origin="lower", aspect="auto", cmap="gray", vmin=-90, vmax=-30,
                extent=(seconds[0], seconds[-1], -nyquist, nyquist))
    axes.plot(seconds, columns.velocity_cm_per_s(columns.mean_hz, nyquist), linewidth=0.8)
    axes.set(title=f"{recording_id} (simulated)", xlabel="s", ylabel="cm/s, positive towards the probe")
    figure.savefig("spectrum.png", dpi=120)

# %% The end: the exam stays unsigned in the archive
console.close()
