// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;

namespace descent {

class RunAsker;

/// A line for a text, and what a finished run's network makes of it.
class TranslationTry : public QWidget
{
    Q_OBJECT
public:
    explicit TranslationTry(std::filesystem::path dataFolder, QWidget* parent = nullptr);
    void setRun(std::int64_t run);

private:
    void ask();
    void show(const QString& text, bool isProblem);

    RunAsker* m_asker = nullptr;
    QLineEdit* m_text = nullptr;
    QPushButton* m_button = nullptr;
    QLabel* m_translation = nullptr;
};

}
