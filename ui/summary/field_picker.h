// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QToolButton>

#include <functional>
#include <string>
#include <vector>

class QFrame;
class QLineEdit;
class QListWidget;

namespace descent {

/// A button that names a column, or counts several, and opens a list of all of them to search in by typing.
class FieldPicker : public QToolButton
{
    Q_OBJECT
public:
    struct Field {
        std::string name;
        QString label;
        QString about;     ///< shown behind the label: where it comes from
        bool isMarked = false; ///< several: chosen by "What differs"
        bool operator==(const Field&) const = default;
    };
    enum class Mode { one, several };
    /// caption: what the column is for: "x", "Colour"; of several what they are called together, "Axes".
    FieldPicker(Mode mode, const QString& caption, QWidget* parent = nullptr);
    /// Of several: what the button says of their labels, in place of the caption and how many.
    void setWords(std::function<QString(const QStringList& labels)> words);
    void setFields(std::vector<Field> fields);
    void setChosen(std::vector<std::string> names);
    const std::vector<std::string>& chosen() const { return m_chosen; }
    void open();

Q_SIGNALS:
    void fieldsChosen(const std::vector<std::string>& names); ///< by a person; of several in their order, new ones before the last

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // arrow keys in the search move in the list

private:
    void fill();
    void take(int row);
    void choose(std::vector<std::string> names);
    void name();

    const Mode m_mode;
    const QString m_caption;
    std::function<QString(const QStringList&)> m_words;
    std::vector<Field> m_fields;
    std::vector<std::string> m_chosen;
    QFrame* m_popup = nullptr;       // made when it is first opened
    QLineEdit* m_search = nullptr;
    QListWidget* m_list = nullptr;
};

}
