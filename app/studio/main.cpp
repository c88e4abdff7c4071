// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "ui/compare/suggested_report.h"
#include "ui/shell/main_window.h"
#include "ui/shell/studio.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

/// For `descent compare --report`: nothing is shown. Returns the exit status.
int writeReport(const QString& file, const QString& figure, const QString& better, const QStringList& numbers)
{
    using namespace descent;
    try {
        Theme::instance().apply(Theme::Mode::light);
        std::vector<RunId> runs;
        for (const QString& number : numbers)
            runs.push_back(number.toLongLong());
        Directions directions;
        if (!better.isEmpty())
            directions[metricOf(figure.toStdString())] = better == QLatin1String("higher");
        RunStore store{dataFolder()};
        const bool isPdf = file.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive);
        const QByteArray content = writtenReport(store, suggestedReport(store, runs, figure.toStdString(), directions), isPdf, [](int, int) {}, {}).value();
        writeFileAtomically(file.toStdString(), std::string_view{content.constData(), static_cast<std::size_t>(content.size())});
        return EXIT_SUCCESS;
    } catch (const DescentError& error) {
        std::fprintf(stderr, "descent-studio: %s\n", english(error.message()).c_str());
        return EXIT_FAILURE;
    }
}

}

int main(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i)
        if (std::string_view{argv[i]} == "--write-report" && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
            qputenv("QT_QPA_PLATFORM", "offscreen"); // it needs no display
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
    const QCommandLineOption report{QStringLiteral("write-report"), QApplication::translate("main", "Write a report on the runs of these numbers, HTML or PDF, and end"),
                                    QStringLiteral("file")};
    const QCommandLineOption figure{QStringLiteral("figure"), QApplication::translate("main", "What the report asks about"), QStringLiteral("figure")};
    const QCommandLineOption better{QStringLiteral("better"), QApplication::translate("main", "higher or lower: which way is better of it"), QStringLiteral("way")};
    parser.addPositionalArgument(QStringLiteral("runs"), QApplication::translate("main", "numbers of runs for --write-report"), QStringLiteral("[runs…]"));
    parser.addOptions({theme, page, firstFrame, report, figure, better});
    parser.process(application);
    if (parser.isSet(report))
        return writeReport(parser.value(report), parser.value(figure), parser.value(better), parser.positionalArguments());

    return descent::runStudio({.dataFolder = descent::dataFolder(),
                               .theme = parser.value(theme),
                               .page = parser.value(page),
                               .exitAfterFirstFrame = parser.isSet(firstFrame)});
}
