// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/custom/custom_network.h"

#include <QObject>

#include <optional>
#include <set>
#include <string>

namespace descent {

/// What the layer editor works on, without a widget: the list, what can be worked out of it, and what is selected. It keeps
/// no history: each wish gives a new list with `edited`, whoever owns the recipe puts it there (and can take it back), and
/// setLayers() brings what then holds.
class LayerDocument : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// brief: none while the data is not known. What is selected stays so by its name.
    void setLayers(const LayerList& layers, const std::optional<NetworkBrief>& brief);
    const LayerList& layers() const { return m_layers; }
    const CustomNetwork& network() const { return m_network; }
    const std::optional<NetworkBrief>& brief() const { return m_brief; }
    std::int64_t parameterCount() const;
    std::int64_t multiplyAdds() const;
    std::int64_t activationValues() const;              ///< numbers that all layers give for one sample

    // Selection: the current layer is the one that the form shows and the keys start from.
    const std::set<std::size_t>& selected() const { return m_selected; }
    std::optional<std::size_t> current() const { return m_current; }
    void select(std::optional<std::size_t> at);         ///< it alone, or nothing
    void extendTo(std::size_t at);                      ///< from the anchor, as Shift does
    void toggle(std::size_t at);                        ///< as Ctrl does
    void selectAll();
    void step(int rows, bool extend);                   ///< with the arrow keys

    // Wishes. Each does nothing where it would change nothing.
    void insert(std::size_t at, const std::string& kind);
    void insertAfterCurrent(const std::string& kind);
    void removeSelected();
    void duplicateSelected();
    void moveSelected(std::size_t to);                  ///< before the layer that stands there
    void moveSelectedBy(int rows);                      ///< -1 or 1
    void rename(std::size_t at, const std::string& name);
    void connectLayers(std::size_t reader, const std::string& source);
    void setFrom(std::size_t at, const std::vector<std::string>& from);
    void setParameters(std::size_t at, const Parameters& parameters);
    void applyFix(std::size_t at, const LayerFix& fix);
    QString selectedAsText() const;                     ///< JSON, for the clipboard
    bool paste(const QString& text);                    ///< behind the current layer; false: it is no list of layers

Q_SIGNALS:
    /// mayMerge: the next edit of the same words may become one with it, as letters of one number do.
    void edited(const descent::LayerList& layers, const QString& what, bool mayMerge);
    void changed();                                     ///< list, shapes or problems
    void selectionChanged();

private:
    void give(const LayerList& layers, const QString& what, bool mayMerge = false);
    void setSelection(std::set<std::size_t> selected, std::optional<std::size_t> current);
    std::size_t behindSelection() const;
    void insertList(std::size_t at, LayerList added, const QString& what);

    LayerList m_layers;
    std::optional<NetworkBrief> m_brief;
    CustomNetwork m_network;
    std::set<std::size_t> m_selected;
    std::optional<std::size_t> m_current, m_anchor;
    std::optional<std::pair<std::size_t, std::size_t>> m_selectNext;   // first and count, once the edit has come back
};

}
