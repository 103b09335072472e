"""ministack on 127.0.0.1 with what the stack needs and it lacks.

Each module adds one thing; what it says it lacks was seen on the version that requirements.txt pins. The last line
serves until SIGTERM. Settings of ministack come by environment: see ministack.ts beside this folder.
"""

import access
import alarms
import counting
import deployment
import delivery
import workflow

from ministack import app

for addition in (deployment, counting, delivery, alarms, workflow, access):
    addition.install()
app.main()
