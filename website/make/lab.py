"""Open JupyterLab in the folder of the chapters, with this environment:  python -m website.make.lab"""

import os
import sys

from ..tree import ROOT


def main():
    settings = [
        f"--ServerApp.root_dir={ROOT / 'chapters'}",
        # with these two settings JupyterLab fetches nothing: neither news nor the number of the newest version
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if os.geteuid() == 0:
        settings.append("--allow-root")
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *settings, *sys.argv[1:]])


if __name__ == "__main__":
    main()
