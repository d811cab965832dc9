"""The files of the example mall's suppliers: every paper that a Chinese company is asked for, and letters from its brands."""

from commissary import sandbox

open_supplier, authorise = sandbox.open_supplier, sandbox.authorise
