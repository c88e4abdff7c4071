// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "ui/shell/main_window.h"
#include "ui/shell/studio.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

int main(int argc, char** argv)
{
    QApplication application{argc, argv};
    QApplication::setApplicationName(QStringLiteral("Descent"));
    QApplication::setApplicationVersion(QStringLiteral(DESCENT_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "Trains neural networks by pointing and clicking."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption theme{QStringLiteral("theme"), QApplication::translate("main", "light, dark or system"), QStringLiteral("theme")};
    const QCommandLineOption page{QStringLiteral("page"), QApplication::translate("main", "train, prepare, runs, compare or queue"), QStringLiteral("page")};
    const QCommandLineOption firstFrame{QStringLiteral("exit-after-first-frame"),
                                        QApplication::translate("main", "Print the milliseconds from start to first frame as JSON, and end")};
    parser.addOptions({theme, page, firstFrame});
    parser.process(application);

    return descent::runStudio({.dataFolder = descent::dataFolder(),
                               .theme = parser.value(theme),
                               .page = parser.value(page),
                               .exitAfterFirstFrame = parser.isSet(firstFrame)});
}
