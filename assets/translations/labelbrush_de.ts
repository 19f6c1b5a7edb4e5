<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Labelbrush</name>
        <message>
            <source> (read-only)</source>
            <translation> (schreibgeschützt)</translation>
        </message>
        <message>
            <source> and </source>
            <translation> und </translation>
        </message>
        <message>
            <source> copy</source>
            <translation> Kopie</translation>
        </message>
        <message>
            <source>&amp;About Labelbrush</source>
            <translation>Über &amp;Labelbrush</translation>
        </message>
        <message>
            <source>&amp;Blend</source>
            <translation>&amp;Überblendung</translation>
        </message>
        <message>
            <source>&amp;Borrow from Photo…</source>
            <translation>Aus Foto &amp;übernehmen…</translation>
        </message>
        <message>
            <source>&amp;Boundary Map…</source>
            <translation>&amp;Kantenkarte…</translation>
        </message>
        <message>
            <source>&amp;Cancel or Deselect</source>
            <translation>&amp;Abbrechen oder Auswahl aufheben</translation>
        </message>
        <message>
            <source>&amp;Checkpoints…</source>
            <translation>&amp;Checkpoints…</translation>
        </message>
        <message>
            <source>&amp;Colour Label Map…</source>
            <translation>&amp;Farbige Labelkarte…</translation>
        </message>
        <message>
            <source>&amp;Dark</source>
            <translation>&amp;Dunkel</translation>
        </message>
        <message>
            <source>&amp;Delete…</source>
            <translation>&amp;Löschen…</translation>
        </message>
        <message>
            <source>&amp;Duplicate Object</source>
            <translation>Objekt &amp;duplizieren</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <source>&amp;Fit in Window</source>
            <translation>In Fenster ein&amp;passen</translation>
        </message>
        <message>
            <source>&amp;Gallery</source>
            <translation>&amp;Galerie</translation>
        </message>
        <message>
            <source>&amp;Height</source>
            <translation>&amp;Höhe</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>&amp;Hide or Show Label</source>
            <translation>Label aus&amp;blenden oder einblenden</translation>
        </message>
        <message>
            <source>&amp;Hide or Show Object</source>
            <translation>Objekt ausblenden oder &amp;zeigen</translation>
        </message>
        <message>
            <source>&amp;Hold Still</source>
            <translation>Übriges &amp;festhalten</translation>
        </message>
        <message>
            <source>&amp;Import from a File…</source>
            <translation>Aus einer Datei &amp;holen…</translation>
        </message>
        <message>
            <source>&amp;Instance Map…</source>
            <translation>&amp;Instanzkarte…</translation>
        </message>
        <message>
            <source>&amp;Keep Style…</source>
            <translation>Stil &amp;behalten…</translation>
        </message>
        <message>
            <source>&amp;Keep as Stamp</source>
            <translation>Als &amp;Stempel behalten</translation>
        </message>
        <message>
            <source>&amp;Label Map…</source>
            <translation>&amp;Labelkarte…</translation>
        </message>
        <message>
            <source>&amp;Labels</source>
            <translation>&amp;Labels</translation>
        </message>
        <message>
            <source>&amp;Language</source>
            <translation>&amp;Sprache</translation>
        </message>
        <message>
            <source>&amp;Light</source>
            <translation>&amp;Hell</translation>
        </message>
        <message>
            <source>&amp;Lock or Unlock Label</source>
            <translation>Label &amp;sperren oder entsperren</translation>
        </message>
        <message>
            <source>&amp;Lock or Unlock Object</source>
            <translation>Objekt &amp;sperren oder entsperren</translation>
        </message>
        <message>
            <source>&amp;Memory…</source>
            <translation>Sp&amp;eicher…</translation>
        </message>
        <message>
            <source>&amp;Merge Objects</source>
            <translation>&amp;Objekte vereinen</translation>
        </message>
        <message>
            <source>&amp;Minimap</source>
            <translation>Über&amp;sichtskarte</translation>
        </message>
        <message>
            <source>&amp;Mouse wheel</source>
            <translation>&amp;Mausrad</translation>
        </message>
        <message>
            <source>&amp;Move some objects as well</source>
            <translation>Auch einige Objekte &amp;verschieben</translation>
        </message>
        <message>
            <source>&amp;New…</source>
            <translation>&amp;Neu…</translation>
        </message>
        <message>
            <source>&amp;One Style for All of This Label</source>
            <translation>&amp;Ein Stil für alle mit diesem Label</translation>
        </message>
        <message>
            <source>&amp;Open…</source>
            <translation>Ö&amp;ffnen…</translation>
        </message>
        <message>
            <source>&amp;Outlines of Objects</source>
            <translation>&amp;Umrisse der Objekte</translation>
        </message>
        <message>
            <source>&amp;Painting may take</source>
            <translation>&amp;Malen darf belegen</translation>
        </message>
        <message>
            <source>&amp;Picture</source>
            <translation>&amp;Bild</translation>
        </message>
        <message>
            <source>&amp;Pictures</source>
            <translation>&amp;Bilder</translation>
        </message>
        <message>
            <source>&amp;Picture…</source>
            <translation>&amp;Bild…</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>&amp;Beenden</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <source>&amp;Redo {step}</source>
            <translation>&amp;Wiederholen: {step}</translation>
        </message>
        <message>
            <source>&amp;Remember for previews at most</source>
            <translation>&amp;Für Vorschauen höchstens merken</translation>
        </message>
        <message>
            <source>&amp;Rename…</source>
            <translation>&amp;Umbenennen…</translation>
        </message>
        <message>
            <source>&amp;Roll Style</source>
            <translation>Stil &amp;würfeln</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;Speichern</translation>
        </message>
        <message>
            <source>&amp;Seed</source>
            <translation>&amp;Startwert</translation>
        </message>
        <message>
            <source>&amp;Share as a File…</source>
            <translation>Als Datei &amp;weitergeben…</translation>
        </message>
        <message>
            <source>&amp;Shuffle All of This Label</source>
            <translation>Alle mit diesem Label &amp;mischen</translation>
        </message>
        <message>
            <source>&amp;Start from</source>
            <translation>&amp;Ausgehen von</translation>
        </message>
        <message>
            <source>&amp;Style</source>
            <translation>&amp;Stil</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>&amp;Farbschema</translation>
        </message>
        <message>
            <source>&amp;Time-Lapse…</source>
            <translation>&amp;Zeitraffer…</translation>
        </message>
        <message>
            <source>&amp;Tools</source>
            <translation>&amp;Werkzeuge</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <source>&amp;Undo {step}</source>
            <translation>&amp;Rückgängig: {step}</translation>
        </message>
        <message>
            <source>&amp;Variations…</source>
            <translation>Va&amp;riationen…</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <source>&amp;Width</source>
            <translation>&amp;Breite</translation>
        </message>
        <message>
            <source>&amp;Wipe to Before</source>
            <translation>Vorher-nachher-&amp;Regler</translation>
        </message>
        <message>
            <source>100 %</source>
            <translation>100 %</translation>
        </message>
        <message>
            <source>A checkpoint is being opened; export once the picture is painted.</source>
            <translation>Ein Checkpoint wird gerade geöffnet; exportieren, sobald das Bild gemalt ist.</translation>
        </message>
        <message>
            <source>A checkpoint, a training run, or a folder of several</source>
            <translation>Ein Checkpoint, ein Trainingslauf oder ein Ordner mit mehreren</translation>
        </message>
        <message>
            <source>A click goes there, as a step of its own.</source>
            <translation>Ein Klick führt dorthin, als eigener Schritt.</translation>
        </message>
        <message>
            <source>A film of all edits</source>
            <translation>Ein Film aller Änderungen</translation>
        </message>
        <message>
            <source>A label schema of your own, a TOML file</source>
            <translation>Ein eigenes Labelschema, eine TOML-Datei</translation>
        </message>
        <message>
            <source>A new style changes its object only; off shows what the network paints</source>
            <translation>Ein neuer Stil ändert nur sein Objekt; ausgeschaltet sieht man, was das Netz malt</translation>
        </message>
        <message>
            <source>A photo to draw around parts of, to borrow their look</source>
            <translation>Ein Foto, von dem Teile umfahren werden, um ihr Aussehen zu übernehmen</translation>
        </message>
        <message>
            <source>A picture takes about {amount} of memory, but {device} has {there}.</source>
            <translation>Ein Bild braucht etwa {amount} Speicher, {device} hat aber {there}.</translation>
        </message>
        <message>
            <source>A picture that takes more is painted in strips: the same picture, more slowly.</source>
            <translation>Ein Bild, das mehr braucht, wird in Streifen gemalt: dasselbe Bild, nur langsamer.</translation>
        </message>
        <message>
            <source>A surface</source>
            <translation>Eine Fläche</translation>
        </message>
        <message>
            <source>A training set with exact maps</source>
            <translation>Ein Trainingssatz mit exakten Karten</translation>
        </message>
        <message>
            <source>A&amp;ctual Size</source>
            <translation>&amp;Originalgröße</translation>
        </message>
        <message>
            <source>About Labelbrush</source>
            <translation>Über Labelbrush</translation>
        </message>
        <message>
            <source>Action</source>
            <translation>Aktion</translation>
        </message>
        <message>
            <source>Actions and their keys</source>
            <translation>Aktionen und ihre Tasten</translation>
        </message>
        <message>
            <source>Add File…</source>
            <translation>Datei hinzufügen…</translation>
        </message>
        <message>
            <source>Add Folder…</source>
            <translation>Ordner hinzufügen…</translation>
        </message>
        <message>
            <source>Add checkpoints</source>
            <translation>Checkpoints hinzufügen</translation>
        </message>
        <message>
            <source>Add official checkpoint</source>
            <translation>Offiziellen Checkpoint hinzufügen</translation>
        </message>
        <message>
            <source>Add {what}</source>
            <translation>{what} hinzufügen</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>All labels</source>
            <translation>Alle Labels</translation>
        </message>
        <message>
            <source>All that can be opened</source>
            <translation>Alles, was sich öffnen lässt</translation>
        </message>
        <message>
            <source>All unlocked labels</source>
            <translation>Alle nicht gesperrten Labels</translation>
        </message>
        <message>
            <source>Alt-click: only this one</source>
            <translation>Alt-Klick: nur dieses</translation>
        </message>
        <message>
            <source>An object that stands above the horizon has no size; move the horizon.</source>
            <translation>Ein Objekt, das über dem Horizont steht, hat keine Größe; verschieben Sie den Horizont.</translation>
        </message>
        <message>
            <source>Annotations of other programs (*.json *.zip)</source>
            <translation>Annotationen anderer Programme (*.json *.zip)</translation>
        </message>
        <message>
            <source>Another checkpoint was opened meanwhile; try again.</source>
            <translation>Inzwischen wurde ein anderer Checkpoint geöffnet; bitte noch einmal versuchen.</translation>
        </message>
        <message>
            <source>Another person</source>
            <translation>Andere Person</translation>
        </message>
        <message>
            <source>Arrows, Shift+arrows</source>
            <translation>Pfeile, Umschalt+Pfeile</translation>
        </message>
        <message>
            <source>As a GIF</source>
            <translation>Als GIF</translation>
        </message>
        <message>
            <source>As a heat map</source>
            <translation>Als Wärmebild</translation>
        </message>
        <message>
            <source>As opened</source>
            <translation>Wie geöffnet</translation>
        </message>
        <message>
            <source>As the &amp;System</source>
            <translation>Wie das &amp;System</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>Ask the last pair again (Backspace)</source>
            <translation>Das letzte Paar noch einmal fragen (Rücktaste)</translation>
        </message>
        <message>
            <source>Assign</source>
            <translation>Zuweisen</translation>
        </message>
        <message>
            <source>Autumn</source>
            <translation>Herbst</translation>
        </message>
        <message>
            <source>Back to pin {what}</source>
            <translation>Zurück zu Merkpunkt {what}</translation>
        </message>
        <message>
            <source>Before and &amp;After…</source>
            <translation>&amp;Vorher und nachher…</translation>
        </message>
        <message>
            <source>Before and Now Side by Side</source>
            <translation>Vorher und jetzt nebeneinander</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Anfangen</translation>
        </message>
        <message>
            <source>Behind the next object that the selected ones cover</source>
            <translation>Hinter das nächste Objekt, das die ausgewählten verdecken</translation>
        </message>
        <message>
            <source>Beside the size that its place on the ground asks for</source>
            <translation>Neben der Größe, die sein Platz auf dem Boden verlangt</translation>
        </message>
        <message>
            <source>Borrow all styles of {what}</source>
            <translation>Alle Stile aus {what} übernehmen</translation>
        </message>
        <message>
            <source>Borrow style of {what}</source>
            <translation>Stil aus {what} übernehmen</translation>
        </message>
        <message>
            <source>Borrowed for {what}.</source>
            <translation>Übernommen für {what}.</translation>
        </message>
        <message>
            <source>Boulevard</source>
            <translation>Boulevard</translation>
        </message>
        <message>
            <source>Bring &amp;Forward</source>
            <translation>Nach &amp;vorn</translation>
        </message>
        <message>
            <source>Bring the selected objects forward</source>
            <translation>Ausgewählte Objekte nach vorn bringen</translation>
        </message>
        <message>
            <source>Bring to F&amp;ront</source>
            <translation>&amp;Ganz nach vorn</translation>
        </message>
        <message>
            <source>Bring {what} forward</source>
            <translation>{what} nach vorn bringen</translation>
        </message>
        <message>
            <source>Bring {what} to front</source>
            <translation>{what} ganz nach vorn bringen</translation>
        </message>
        <message>
            <source>Brush</source>
            <translation>Pinsel</translation>
        </message>
        <message>
            <source>Brush size</source>
            <translation>Pinselgröße</translation>
        </message>
        <message>
            <source>Brush size in pixels</source>
            <translation>Pinselgröße in Pixeln</translation>
        </message>
        <message>
            <source>Brush style</source>
            <translation>Stil auftragen</translation>
        </message>
        <message>
            <source>COCO panoptic…</source>
            <translation>COCO panoptic…</translation>
        </message>
        <message>
            <source>CVAT masks…</source>
            <translation>CVAT-Masken…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Cancel the work in the background</source>
            <translation>Die Arbeit im Hintergrund abbrechen</translation>
        </message>
        <message>
            <source>Canvas</source>
            <translation>Zeichenfläche</translation>
        </message>
        <message>
            <source>Change La&amp;bel…</source>
            <translation>Label änd&amp;ern…</translation>
        </message>
        <message>
            <source>Change to {what}</source>
            <translation>In {what} ändern</translation>
        </message>
        <message>
            <source>Checkpoint</source>
            <translation>Checkpoint</translation>
        </message>
        <message>
            <source>Checkpoints</source>
            <translation>Checkpoints</translation>
        </message>
        <message>
            <source>Choose Folder…</source>
            <translation>Ordner wählen…</translation>
        </message>
        <message>
            <source>Choose a label on the right and paint: the picture follows.</source>
            <translation>Rechts ein Label wählen und malen: Das Bild folgt.</translation>
        </message>
        <message>
            <source>Choose a shape in the Stamps panel</source>
            <translation>Im Paneel „Stempel“ eine Form wählen</translation>
        </message>
        <message>
            <source>Choose a shape in the Stamps panel.</source>
            <translation>Wählen Sie im Paneel „Stempel“ eine Form.</translation>
        </message>
        <message>
            <source>Choose an action to give it another key.</source>
            <translation>Eine Aktion auswählen, um ihr eine andere Taste zu geben.</translation>
        </message>
        <message>
            <source>City</source>
            <translation>Stadt</translation>
        </message>
        <message>
            <source>Cityscapes label and instance maps…</source>
            <translation>Cityscapes-Label- und -Instanzkarten…</translation>
        </message>
        <message>
            <source>Cityscapes polygons…</source>
            <translation>Cityscapes-Polygone…</translation>
        </message>
        <message>
            <source>Click an object to give it the current label.</source>
            <translation>Ein Objekt anklicken, um ihm das aktuelle Label zu geben.</translation>
        </message>
        <message>
            <source>Click an object with the arrow (V): move it, delete it, choose its style.</source>
            <translation>Ein Objekt mit dem Pfeil (V) anklicken: verschieben, löschen, seinen Stil wählen.</translation>
        </message>
        <message>
            <source>Click an object, 1 to 0 choose its style; Alt+click takes a style, then drag over others. Esc lets it go.</source>
            <translation>Ein Objekt anklicken, 1 bis 0 wählen seinen Stil; Alt+Klick nimmt einen Stil auf, dann über andere ziehen. Esc legt ihn ab.</translation>
        </message>
        <message>
            <source>Click corners and press Enter or click the first one to close. Backspace steps back.</source>
            <translation>Ecken anklicken; die Eingabetaste oder ein Klick auf die erste schließt. Die Rücktaste nimmt eine zurück.</translation>
        </message>
        <message>
            <source>Click selects (Shift: one more), dragging moves along the ground, a corner scales. Alt: neither scaled nor covered. Arrows move by a pixel, with Shift by ten.</source>
            <translation>Klicken wählt aus (Umschalt: eines mehr), Ziehen verschiebt auf dem Boden, eine Ecke skaliert. Alt: weder skaliert noch verdeckt. Pfeiltasten verschieben um ein Pixel, mit Umschalt um zehn.</translation>
        </message>
        <message>
            <source>Click to put the chosen shape on the ground; nearer things cover it. Alt keeps its size and covers everything.</source>
            <translation>Klicken stellt die gewählte Form auf den Boden; Näheres verdeckt sie. Alt behält ihre Größe und verdeckt alles.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Close Checkpoint</source>
            <translation>Checkpoint schließen</translation>
        </message>
        <message>
            <source>Close the gallery</source>
            <translation>Die Galerie schließen</translation>
        </message>
        <message>
            <source>Close, give up or step back in an outline</source>
            <translation>Einen Umriss schließen, aufgeben oder zurücknehmen</translation>
        </message>
        <message>
            <source>Close; it comes back by File: Gallery</source>
            <translation>Schließen; zurück kommt sie über Datei: Galerie</translation>
        </message>
        <message>
            <source>Colo&amp;ur-Blind-Safe Labels</source>
            <translation>&amp;Farbsichere Labels</translation>
        </message>
        <message>
            <source>Colours that everybody can tell apart</source>
            <translation>Farben, die alle unterscheiden können</translation>
        </message>
        <message>
            <source>Colours that everybody can tell apart; what is exported keeps its own</source>
            <translation>Farben, die alle unterscheiden können; was exportiert wird, behält seine eigenen</translation>
        </message>
        <message>
            <source>Comparing pictures</source>
            <translation>Bilder vergleichen</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <source>Counted: every object is one of its own</source>
            <translation>Gezählt: jedes Objekt ist ein eigenes</translation>
        </message>
        <message>
            <source>Create</source>
            <translation>Anlegen</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Delete the style {name}?</source>
            <translation>Den Stil {name} löschen?</translation>
        </message>
        <message>
            <source>Delete the unsaved edits of {title} ({count})?</source>
            <translation>Die nicht gespeicherten Änderungen an {title} ({count}) löschen?</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Löschen…</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Diameter of brush and eraser in pixels</source>
            <translation>Durchmesser von Pinsel und Radierer in Pixeln</translation>
        </message>
        <message>
            <source>Discard changes</source>
            <translation>Änderungen verwerfen</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Drag a rectangle; with Shift a square, with Alt an ellipse.</source>
            <translation>Ein Rechteck aufziehen; mit Umschalt ein Quadrat, mit Alt eine Ellipse.</translation>
        </message>
        <message>
            <source>Drag a straight line of the brush's width. Shift turns it by steps of 15°.</source>
            <translation>Eine gerade Linie in Pinselbreite ziehen. Umschalt dreht sie in Schritten von 15°.</translation>
        </message>
        <message>
            <source>Drag between the dots to mix styles; arrow keys do the same.</source>
            <translation>Zwischen den Punkten ziehen mischt Stile; die Pfeiltasten auch.</translation>
        </message>
        <message>
            <source>Drag over objects to select them; Shift adds, Alt takes away. Double click: the label.</source>
            <translation>Über Objekte ziehen, um sie auszuwählen; Umschalt nimmt hinzu, Alt nimmt weg. Doppelklick: alle mit diesem Label.</translation>
        </message>
        <message>
            <source>Drag the line between before and now</source>
            <translation>Die Linie zwischen vorher und jetzt verschieben</translation>
        </message>
        <message>
            <source>Drag with Space or the middle button</source>
            <translation>Ziehen mit der Leertaste oder der mittleren Maustaste</translation>
        </message>
        <message>
            <source>Draw a line across a building, wall or hedge to cut it, or around a part of it.</source>
            <translation>Eine Linie quer über ein Gebäude, eine Mauer oder Hecke ziehen, um sie zu zerteilen, oder um einen Teil davon herum.</translation>
        </message>
        <message>
            <source>Draw around a part of a photo: the selected object gets its look</source>
            <translation>Einen Teil eines Fotos umfahren: Das ausgewählte Objekt sieht aus wie er</translation>
        </message>
        <message>
            <source>Draw around an area; it closes when the button is released.</source>
            <translation>Einen Bereich umfahren; er schließt sich beim Loslassen der Taste.</translation>
        </message>
        <message>
            <source>Draw around or click what {what} should look like.</source>
            <translation>Umfahren oder klicken Sie an, wie {what} aussehen soll.</translation>
        </message>
        <message>
            <source>Draw around what {what} should look like.</source>
            <translation>Umfahren Sie, wie {what} aussehen soll.</translation>
        </message>
        <message>
            <source>Duplicate {what}</source>
            <translation>{what} duplizieren</translation>
        </message>
        <message>
            <source>Each connected part of the selected surface becomes an object</source>
            <translation>Jeder zusammenhängende Teil der ausgewählten Fläche wird ein Objekt</translation>
        </message>
        <message>
            <source>Each pair is seen for a moment only, {least} to {most} s. Look at the cross before it, and answer when you are sure, however long that takes.</source>
            <translation>Jedes Paar ist nur für einen Moment zu sehen, {least} bis {most} s. Schauen Sie davor auf das Kreuz und antworten Sie, sobald Sie sicher sind, wie lange das auch dauert.</translation>
        </message>
        <message>
            <source>Each stroke of a counted label starts an object of its own; Shift continues the last one</source>
            <translation>Jeder Strich eines gezählten Labels beginnt ein eigenes Objekt; Umschalt setzt das letzte fort</translation>
        </message>
        <message>
            <source>Ellipse of {what}</source>
            <translation>Ellipse: {what}</translation>
        </message>
        <message>
            <source>Empty</source>
            <translation>Leer</translation>
        </message>
        <message>
            <source>Empty road</source>
            <translation>Leere Straße</translation>
        </message>
        <message>
            <source>Empty, or from a street</source>
            <translation>Leer oder aus einer Straße</translation>
        </message>
        <message>
            <source>Encoder</source>
            <translation>Encoder</translation>
        </message>
        <message>
            <source>Enter, Esc, Backspace</source>
            <translation>Eingabe, Esc, Rücktaste</translation>
        </message>
        <message>
            <source>Erase</source>
            <translation>Radieren</translation>
        </message>
        <message>
            <source>Eraser</source>
            <translation>Radierer</translation>
        </message>
        <message>
            <source>Everything looks like what has its label and lies most alike in the photo, which needs a label map</source>
            <translation>Alles sieht aus wie das, was im Foto sein Label hat und am ähnlichsten liegt; dafür braucht es eine Labelkarte</translation>
        </message>
        <message>
            <source>Everything, locks or not</source>
            <translation>Alles, auch Gesperrtes</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Exportieren</translation>
        </message>
        <message>
            <source>Export {file}</source>
            <translation>{file} exportieren</translation>
        </message>
        <message>
            <source>Far from every known style: a guess</source>
            <translation>Weit von allen bekannten Stilen: geraten</translation>
        </message>
        <message>
            <source>Fill</source>
            <translation>Füllen</translation>
        </message>
        <message>
            <source>Fill &amp;Holes</source>
            <translation>L&amp;öcher füllen</translation>
        </message>
        <message>
            <source>Fill holes of {what}</source>
            <translation>Löcher füllen: {what}</translation>
        </message>
        <message>
            <source>Fill the region under the pointer; with Alt all of its label, with Shift its whole object.</source>
            <translation>Den Bereich unter dem Zeiger füllen; mit Alt alles mit seinem Label, mit Umschalt sein ganzes Objekt.</translation>
        </message>
        <message>
            <source>Fill with {what}</source>
            <translation>Mit {what} füllen</translation>
        </message>
        <message>
            <source>Films (*.mp4)</source>
            <translation>Filme (*.mp4)</translation>
        </message>
        <message>
            <source>Find Hori&amp;zon</source>
            <translation>Horizont su&amp;chen</translation>
        </message>
        <message>
            <source>Fit &amp;Selected Object</source>
            <translation>Aus&amp;wahl einpassen</translation>
        </message>
        <message>
            <source>Flat colours</source>
            <translation>Farbflächen</translation>
        </message>
        <message>
            <source>Folder for the variations</source>
            <translation>Ordner für die Variationen</translation>
        </message>
        <message>
            <source>Foot</source>
            <translation>Fuß</translation>
        </message>
        <message>
            <source>For Other Programs</source>
            <translation>Für andere Programme</translation>
        </message>
        <message>
            <source>Frame</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>From the map, as at first</source>
            <translation>Aus der Karte, wie zu Beginn</translation>
        </message>
        <message>
            <source>Full Sc&amp;reen</source>
            <translation>Vollbil&amp;d</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>Vollbild</translation>
        </message>
        <message>
            <source>Gallery</source>
            <translation>Galerie</translation>
        </message>
        <message>
            <source>Give everything in the scene another style</source>
            <translation>Allem in der Szene einen anderen Stil geben</translation>
        </message>
        <message>
            <source>Give to Selected</source>
            <translation>Auswahl geben</translation>
        </message>
        <message>
            <source>Give to Whole Scene</source>
            <translation>Ganzer Szene geben</translation>
        </message>
        <message>
            <source>Give to Whole Scene…</source>
            <translation>Ganzer Szene geben…</translation>
        </message>
        <message>
            <source>Glass district</source>
            <translation>Glasviertel</translation>
        </message>
        <message>
            <source>Go Back</source>
            <translation>Zurück</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>Height</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <source>Hide</source>
            <translation>Ausblenden</translation>
        </message>
        <message>
            <source>Hide or Show Pa&amp;nels</source>
            <translation>Paneele &amp;ein- oder ausblenden</translation>
        </message>
        <message>
            <source>Hide {what}</source>
            <translation>{what} ausblenden</translation>
        </message>
        <message>
            <source>Hide: what is behind appears</source>
            <translation>Ausblenden: Was dahinter liegt, erscheint</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>Hold C for the picture before; ? shows every key.</source>
            <translation>C halten zeigt das Bild vorher; ? zeigt alle Tasten.</translation>
        </message>
        <message>
            <source>Hold Ctrl</source>
            <translation>Strg halten</translation>
        </message>
        <message>
            <source>Hold a tool's key while using it</source>
            <translation>Die Taste eines Werkzeugs beim Benutzen halten</translation>
        </message>
        <message>
            <source>How much the labels cover the picture in the blend view</source>
            <translation>Wie stark die Labels das Bild in der Überblendung verdecken</translation>
        </message>
        <message>
            <source>Ignore</source>
            <translation>Ignorieren</translation>
        </message>
        <message>
            <source>Import styles</source>
            <translation>Stile holen</translation>
        </message>
        <message>
            <source>In front of the next object that covers the selected ones</source>
            <translation>Vor das nächste Objekt, das die ausgewählten verdeckt</translation>
        </message>
        <message>
            <source>Input channels</source>
            <translation>Eingangskanäle</translation>
        </message>
        <message>
            <source>Inside the selected objects</source>
            <translation>In den ausgewählten Objekten</translation>
        </message>
        <message>
            <source>Its files stay where they are</source>
            <translation>Die Dateien bleiben, wo sie sind</translation>
        </message>
        <message>
            <source>Ke&amp;yboard Shortcuts…</source>
            <translation>&amp;Tastenkürzel…</translation>
        </message>
        <message>
            <source>Keep &amp;History in Projects</source>
            <translation>&amp;Verlauf in Projekten behalten</translation>
        </message>
        <message>
            <source>Keep Style</source>
            <translation>Stil behalten</translation>
        </message>
        <message>
            <source>Keep the files of one model together in a folder, anywhere:</source>
            <translation>Die Dateien eines Modells gehören zusammen in einen beliebigen Ordner:</translation>
        </message>
        <message>
            <source>Keep the present state, to come back to it at any time</source>
            <translation>Den jetzigen Stand merken, um jederzeit zurückzukehren</translation>
        </message>
        <message>
            <source>Keep the selected objects as a stamp</source>
            <translation>Die ausgewählten Objekte als Stempel behalten</translation>
        </message>
        <message>
            <source>Kept as a stamp of {label}.</source>
            <translation>Als Stempel von {label} behalten.</translation>
        </message>
        <message>
            <source>Keyboard Shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>La&amp;bels</source>
            <translation>&amp;Labels</translation>
        </message>
        <message>
            <source>Label dropper</source>
            <translation>Labelpipette</translation>
        </message>
        <message>
            <source>Label for {key}</source>
            <translation>Label für {key}</translation>
        </message>
        <message>
            <source>Label map of {file}</source>
            <translation>Labelkarte zu {file}</translation>
        </message>
        <message>
            <source>Label maps (*.png *.bmp *.tif *.tiff)</source>
            <translation>Labelkarten (*.png *.bmp *.tif *.tiff)</translation>
        </message>
        <message>
            <source>Label of the selected object</source>
            <translation>Label des ausgewählten Objekts</translation>
        </message>
        <message>
            <source>Label of the stamps shown</source>
            <translation>Label der gezeigten Stempel</translation>
        </message>
        <message>
            <source>Label schema</source>
            <translation>Labelschema</translation>
        </message>
        <message>
            <source>Label schemas (*.toml)</source>
            <translation>Labelschemas (*.toml)</translation>
        </message>
        <message>
            <source>Labelbrush projects</source>
            <translation>Labelbrush-Projekte</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>Labels</translation>
        </message>
        <message>
            <source>Labels and Picture Side by &amp;Side…</source>
            <translation>Labels und Bild &amp;nebeneinander…</translation>
        </message>
        <message>
            <source>Labels of the file</source>
            <translation>Labels der Datei</translation>
        </message>
        <message>
            <source>Labels over picture</source>
            <translation>Labels über dem Bild</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Larger Brush</source>
            <translation>Größerer Pinsel</translation>
        </message>
        <message>
            <source>Lasso</source>
            <translation>Lasso</translation>
        </message>
        <message>
            <source>Last frame</source>
            <translation>Letztes Bild</translation>
        </message>
        <message>
            <source>Leave out styles of another checkpoint</source>
            <translation>Stile eines anderen Checkpoints weglassen</translation>
        </message>
        <message>
            <source>Left and right arrow key choose a picture</source>
            <translation>Pfeiltasten links und rechts wählen ein Bild</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Limits…</source>
            <translation>Grenzen…</translation>
        </message>
        <message>
            <source>Line</source>
            <translation>Linie</translation>
        </message>
        <message>
            <source>Line of {what}</source>
            <translation>Linie: {what}</translation>
        </message>
        <message>
            <source>Loaded in</source>
            <translation>Geladen in</translation>
        </message>
        <message>
            <source>Lock All &amp;But the Current</source>
            <translation>&amp;Alle außer dem aktuellen sperren</translation>
        </message>
        <message>
            <source>Lock: is not painted over</source>
            <translation>Sperren: wird nicht übermalt</translation>
        </message>
        <message>
            <source>Locked or not</source>
            <translation>Gesperrt oder nicht</translation>
        </message>
        <message>
            <source>Look again at the folders</source>
            <translation>Die Ordner neu ansehen</translation>
        </message>
        <message>
            <source>Look at each pair as long as you like.</source>
            <translation>Betrachten Sie jedes Paar, solange Sie möchten.</translation>
        </message>
        <message>
            <source>Look at {checkpoint}</source>
            <translation>{checkpoint} ansehen</translation>
        </message>
        <message>
            <source>Looking at the photo…</source>
            <translation>Das Foto wird betrachtet…</translation>
        </message>
        <message>
            <source>Main</source>
            <translation>Hauptleiste</translation>
        </message>
        <message>
            <source>Map Labels</source>
            <translation>Labels zuordnen</translation>
        </message>
        <message>
            <source>Map the labels</source>
            <translation>Labels zuordnen</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <source>Menu</source>
            <translation>Menü</translation>
        </message>
        <message>
            <source>Merge {what}</source>
            <translation>{what} vereinen</translation>
        </message>
        <message>
            <source>Minimap</source>
            <translation>Übersichtskarte</translation>
        </message>
        <message>
            <source>Mirrored</source>
            <translation>Gespiegelt</translation>
        </message>
        <message>
            <source>Mix styles: drag anywhere between them</source>
            <translation>Stile mischen: irgendwohin dazwischen ziehen</translation>
        </message>
        <message>
            <source>Mouse wheel</source>
            <translation>Mausrad</translation>
        </message>
        <message>
            <source>Move the picture</source>
            <translation>Das Bild verschieben</translation>
        </message>
        <message>
            <source>Move the selected object by 1 or 10 pixels</source>
            <translation>Das ausgewählte Objekt um 1 oder 10 Pixel verschieben</translation>
        </message>
        <message>
            <source>Move {what}</source>
            <translation>{what} verschieben</translation>
        </message>
        <message>
            <source>Much Larger Brush</source>
            <translation>Viel größerer Pinsel</translation>
        </message>
        <message>
            <source>Much Smaller Brush</source>
            <translation>Viel kleinerer Pinsel</translation>
        </message>
        <message>
            <source>Name of the style</source>
            <translation>Name des Stils</translation>
        </message>
        <message>
            <source>New key</source>
            <translation>Neue Taste</translation>
        </message>
        <message>
            <source>New key of the selected action</source>
            <translation>Neue Taste der ausgewählten Aktion</translation>
        </message>
        <message>
            <source>New object per stroke</source>
            <translation>Neues Objekt je Strich</translation>
        </message>
        <message>
            <source>New scene</source>
            <translation>Neue Szene</translation>
        </message>
        <message>
            <source>New scene…</source>
            <translation>Neue Szene…</translation>
        </message>
        <message>
            <source>Next Filling or Label</source>
            <translation>Nächste Füllung oder nächstes Label</translation>
        </message>
        <message>
            <source>Next Paint-&amp;Over Mode</source>
            <translation>Nächster Ü&amp;bermalmodus</translation>
        </message>
        <message>
            <source>Nothing else is in the picture to fill the place with; paint over it.</source>
            <translation>Im Bild ist nichts anderes, womit der Platz gefüllt werden könnte; übermalen Sie ihn.</translation>
        </message>
        <message>
            <source>Object</source>
            <translation>Objekt</translation>
        </message>
        <message>
            <source>Objects</source>
            <translation>Objekte</translation>
        </message>
        <message>
            <source>Objects that are drawn in it stay as they are.</source>
            <translation>Objekte in diesem Stil bleiben, wie sie sind.</translation>
        </message>
        <message>
            <source>Of the selected object</source>
            <translation>Des ausgewählten Objekts</translation>
        </message>
        <message>
            <source>Of the selected objects</source>
            <translation>Der ausgewählten Objekte</translation>
        </message>
        <message>
            <source>Of the selected objects, or everywhere</source>
            <translation>Der ausgewählten Objekte oder überall</translation>
        </message>
        <message>
            <source>Of the whole scene</source>
            <translation>Der ganzen Szene</translation>
        </message>
        <message>
            <source>Official Weights</source>
            <translation>Offizielle Gewichte</translation>
        </message>
        <message>
            <source>Official generator (*.pth)</source>
            <translation>Offizieller Generator (*.pth)</translation>
        </message>
        <message>
            <source>Old town</source>
            <translation>Altstadt</translation>
        </message>
        <message>
            <source>One edit that was not saved can be recovered: {title}, {when}.</source>
            <translation>Eine nicht gespeicherte Änderung lässt sich wiederherstellen: {title}, {when}.</translation>
        </message>
        <message>
            <source>One style for all {what}</source>
            <translation>Ein Stil für alle: {what}</translation>
        </message>
        <message>
            <source>Only inside the selected object</source>
            <translation>Nur im ausgewählten Objekt</translation>
        </message>
        <message>
            <source>Only inside {name}</source>
            <translation>Nur in {name}</translation>
        </message>
        <message>
            <source>Only objects of one label can be merged; change their label first.</source>
            <translation>Nur Objekte eines Labels lassen sich verbinden; ändern Sie zuerst ihr Label.</translation>
        </message>
        <message>
            <source>Only over one label</source>
            <translation>Nur über einem Label</translation>
        </message>
        <message>
            <source>Only over {label}</source>
            <translation>Nur über {label}</translation>
        </message>
        <message>
            <source>Opacity of the labels</source>
            <translation>Deckkraft der Labels</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Open &amp;Instance Map…</source>
            <translation>&amp;Instanzkarte öffnen…</translation>
        </message>
        <message>
            <source>Open &amp;Recent</source>
            <translation>&amp;Zuletzt geöffnet</translation>
        </message>
        <message>
            <source>Open Photo…</source>
            <translation>Foto öffnen…</translation>
        </message>
        <message>
            <source>Open a checkpoint that has styles first.</source>
            <translation>Öffnen Sie zuerst einen Checkpoint mit Stilen.</translation>
        </message>
        <message>
            <source>Open a checkpoint to choose styles.</source>
            <translation>Einen Checkpoint öffnen, um Stile zu wählen.</translation>
        </message>
        <message>
            <source>Open a checkpoint with an encoder to borrow styles from photos.</source>
            <translation>Öffnen Sie einen Checkpoint mit Encoder, um Stile aus Fotos zu übernehmen.</translation>
        </message>
        <message>
            <source>Open a photo, or drop one here.</source>
            <translation>Öffnen Sie ein Foto oder ziehen Sie eines hierher.</translation>
        </message>
        <message>
            <source>Open instance map</source>
            <translation>Instanzkarte öffnen</translation>
        </message>
        <message>
            <source>Open photo</source>
            <translation>Foto öffnen</translation>
        </message>
        <message>
            <source>Open {file}</source>
            <translation>{file} öffnen</translation>
        </message>
        <message>
            <source>Order</source>
            <translation>Reihenfolge</translation>
        </message>
        <message>
            <source>Order {what}</source>
            <translation>{what} ordnen</translation>
        </message>
        <message>
            <source>Other</source>
            <translation>Andere</translation>
        </message>
        <message>
            <source>Other labels…</source>
            <translation>Andere Labels…</translation>
        </message>
        <message>
            <source>Outline {what}</source>
            <translation>Umriss: {what}</translation>
        </message>
        <message>
            <source>Own styles</source>
            <translation>Eigene Stile</translation>
        </message>
        <message>
            <source>Own styles: keep, rename, share</source>
            <translation>Eigene Stile: behalten, umbenennen, weitergeben</translation>
        </message>
        <message>
            <source>Pad</source>
            <translation>Feld</translation>
        </message>
        <message>
            <source>Paint &amp;Again</source>
            <translation>Neu &amp;malen</translation>
        </message>
        <message>
            <source>Paint a street's labels; a network paints the street.</source>
            <translation>Sie malen die Labels einer Straße, ein Netz malt die Straße.</translation>
        </message>
        <message>
            <source>Paint the current label. Shift continues the last object of that label.</source>
            <translation>Das aktuelle Label malen. Umschalt setzt das letzte Objekt mit diesem Label fort.</translation>
        </message>
        <message>
            <source>Paint with it; the picture stays (Return, double click)</source>
            <translation>Damit malen; das Bild bleibt (Eingabetaste, Doppelklick)</translation>
        </message>
        <message>
            <source>Paint {what}</source>
            <translation>{what} malen</translation>
        </message>
        <message>
            <source>Pairs answered</source>
            <translation>Beantwortete Paare</translation>
        </message>
        <message>
            <source>Panels</source>
            <translation>Paneele</translation>
        </message>
        <message>
            <source>Pee&amp;k at the Picture</source>
            <translation>Bild &amp;kurz zeigen</translation>
        </message>
        <message>
            <source>Photo</source>
            <translation>Foto</translation>
        </message>
        <message>
            <source>Photos (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff)</source>
            <translation>Fotos (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff)</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Picture Before</source>
            <translation>Bild vorher</translation>
        </message>
        <message>
            <source>Picture, options, panels in turn</source>
            <translation>Bild, Optionen und Paneele der Reihe nach</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff)</source>
            <translation>Bilder (*.png *.jpg *.jpeg *.webp *.tif *.tiff)</translation>
        </message>
        <message>
            <source>Pictures of the file</source>
            <translation>Bilder der Datei</translation>
        </message>
        <message>
            <source>Pictures of this scene in other styles with their exact maps, for training: in the layout of Cityscapes, with COCO panoptic beside it. They are marked as synthetic.</source>
            <translation>Bilder dieser Szene in anderen Stilen mit ihren exakten Karten, zum Trainieren: im Aufbau von Cityscapes, mit COCO panoptic daneben. Sie sind als synthetisch gekennzeichnet.</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>Merken</translation>
        </message>
        <message>
            <source>Pin {number}: {name}</source>
            <translation>Merkpunkt {number}: {name}</translation>
        </message>
        <message>
            <source>Pins</source>
            <translation>Merkpunkte</translation>
        </message>
        <message>
            <source>Pixels</source>
            <translation>Pixel</translation>
        </message>
        <message>
            <source>Polygon</source>
            <translation>Polygon</translation>
        </message>
        <message>
            <source>Pre&amp;ferences…</source>
            <translation>E&amp;instellungen…</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>Genauigkeit</translation>
        </message>
        <message>
            <source>Preferences</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Press or drag to go there</source>
            <translation>Drücken oder ziehen, um dorthin zu gehen</translation>
        </message>
        <message>
            <source>Preview · {style}</source>
            <translation>Vorschau · {style}</translation>
        </message>
        <message>
            <source>Previous Label</source>
            <translation>Voriges Label</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
        <message>
            <source>Project, label map or checkpoint</source>
            <translation>Projekt, Labelkarte oder Checkpoint</translation>
        </message>
        <message>
            <source>Put it down the other way round</source>
            <translation>Andersherum aufstellen</translation>
        </message>
        <message>
            <source>Rain at dusk</source>
            <translation>Regenabend</translation>
        </message>
        <message>
            <source>Re&amp;move Object</source>
            <translation>Objekt entfer&amp;nen</translation>
        </message>
        <message>
            <source>Recent files</source>
            <translation>Zuletzt geöffnet</translation>
        </message>
        <message>
            <source>Recover</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <source>Rectangle</source>
            <translation>Rechteck</translation>
        </message>
        <message>
            <source>Rectangle of {what}</source>
            <translation>Rechteck: {what}</translation>
        </message>
        <message>
            <source>Refresh</source>
            <translation>Aktualisieren</translation>
        </message>
        <message>
            <source>Relabel</source>
            <translation>Umbenennen</translation>
        </message>
        <message>
            <source>Remove &amp;Specks</source>
            <translation>S&amp;prenkel entfernen</translation>
        </message>
        <message>
            <source>Remove from List</source>
            <translation>Aus der Liste nehmen</translation>
        </message>
        <message>
            <source>Remove specks</source>
            <translation>Sprenkel entfernen</translation>
        </message>
        <message>
            <source>Remove the selected object</source>
            <translation>Das ausgewählte Objekt entfernen</translation>
        </message>
        <message>
            <source>Remove the selected pin</source>
            <translation>Den ausgewählten Merkpunkt entfernen</translation>
        </message>
        <message>
            <source>Remove what you paint over; road, buildings or sky close the gap.</source>
            <translation>Entfernen, was übermalt wird; Straße, Gebäude oder Himmel schließen die Lücke.</translation>
        </message>
        <message>
            <source>Remove {what}</source>
            <translation>{what} entfernen</translation>
        </message>
        <message>
            <source>Rename Style</source>
            <translation>Stil umbenennen</translation>
        </message>
        <message>
            <source>Rendering</source>
            <translation>Bildberechnung</translation>
        </message>
        <message>
            <source>Replace it</source>
            <translation>Ersetzen</translation>
        </message>
        <message>
            <source>Reset</source>
            <translation>Zurücksetzen</translation>
        </message>
        <message>
            <source>Reset All</source>
            <translation>Alle zurücksetzen</translation>
        </message>
        <message>
            <source>Residential street</source>
            <translation>Wohnstraße</translation>
        </message>
        <message>
            <source>Right after a removal: another filling of its place</source>
            <translation>Gleich nach dem Entfernen: eine andere Füllung der Stelle</translation>
        </message>
        <message>
            <source>Roll &amp;All Styles</source>
            <translation>&amp;Alle Stile würfeln</translation>
        </message>
        <message>
            <source>Roll all</source>
            <translation>Alle würfeln</translation>
        </message>
        <message>
            <source>Roll all styles {what}</source>
            <translation>Alle Stile würfeln {what}</translation>
        </message>
        <message>
            <source>Roll style</source>
            <translation>Stil würfeln</translation>
        </message>
        <message>
            <source>Round brush; press for a square</source>
            <translation>Runder Pinsel; drücken für einen quadratischen</translation>
        </message>
        <message>
            <source>S&amp;wap Last Two Labels</source>
            <translation>Let&amp;zte zwei Labels tauschen</translation>
        </message>
        <message>
            <source>Sample of {checkpoint}</source>
            <translation>Probe von {checkpoint}</translation>
        </message>
        <message>
            <source>Samples</source>
            <translation>Beispiele</translation>
        </message>
        <message>
            <source>Samples and recent files to begin with</source>
            <translation>Beispiele und zuletzt geöffnete Dateien zum Anfangen</translation>
        </message>
        <message>
            <source>Save &amp;As…</source>
            <translation>Speichern &amp;unter…</translation>
        </message>
        <message>
            <source>Save a copy…</source>
            <translation>Kopie speichern…</translation>
        </message>
        <message>
            <source>Save project</source>
            <translation>Projekt speichern</translation>
        </message>
        <message>
            <source>Save the changes to {title}?</source>
            <translation>Die Änderungen an {title} speichern?</translation>
        </message>
        <message>
            <source>Save the project</source>
            <translation>Das Projekt speichern</translation>
        </message>
        <message>
            <source>Save {file}</source>
            <translation>{file} speichern</translation>
        </message>
        <message>
            <source>Scale {what}</source>
            <translation>{what} skalieren</translation>
        </message>
        <message>
            <source>Scene seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Scenes to begin with</source>
            <translation>Szenen zum Anfangen</translation>
        </message>
        <message>
            <source>Scrolls; with Ctrl it zooms</source>
            <translation>Verschiebt; mit Strg vergrößert es</translation>
        </message>
        <message>
            <source>Search actions or keys</source>
            <translation>Aktionen oder Tasten suchen</translation>
        </message>
        <message>
            <source>Search labels</source>
            <translation>Labels suchen</translation>
        </message>
        <message>
            <source>Search objects</source>
            <translation>Objekte suchen</translation>
        </message>
        <message>
            <source>Search stamps</source>
            <translation>Stempel suchen</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Seed of all styles</source>
            <translation>Startwert aller Stile</translation>
        </message>
        <message>
            <source>Seed of the styles of the whole scene: type one, or roll the dice</source>
            <translation>Startwert der Stile der ganzen Szene: eingeben oder würfeln</translation>
        </message>
        <message>
            <source>Select an object first.</source>
            <translation>Wählen Sie zuerst ein Objekt aus.</translation>
        </message>
        <message>
            <source>Select an object in the scene, then draw around what it should look like.</source>
            <translation>Wählen Sie ein Objekt der Szene aus und umfahren Sie dann, wie es aussehen soll.</translation>
        </message>
        <message>
            <source>Select an object to choose its style.</source>
            <translation>Ein Objekt auswählen, um seinen Stil zu wählen.</translation>
        </message>
        <message>
            <source>Select an object to roll its style.</source>
            <translation>Wählen Sie ein Objekt aus, um seinen Stil zu würfeln.</translation>
        </message>
        <message>
            <source>Select and move</source>
            <translation>Auswählen und verschieben</translation>
        </message>
        <message>
            <source>Select two or more objects of one label to merge them.</source>
            <translation>Wählen Sie zwei oder mehr Objekte eines Labels aus, um sie zu verbinden.</translation>
        </message>
        <message>
            <source>Selected ones of one label</source>
            <translation>Die ausgewählten mit demselben Label</translation>
        </message>
        <message>
            <source>Send &amp;Backward</source>
            <translation>Nach &amp;hinten</translation>
        </message>
        <message>
            <source>Send the selected objects backward</source>
            <translation>Ausgewählte Objekte nach hinten stellen</translation>
        </message>
        <message>
            <source>Send to Bac&amp;k</source>
            <translation>Ganz nach h&amp;inten</translation>
        </message>
        <message>
            <source>Send {what} backward</source>
            <translation>{what} nach hinten stellen</translation>
        </message>
        <message>
            <source>Send {what} to back</source>
            <translation>{what} ganz nach hinten stellen</translation>
        </message>
        <message>
            <source>Separate</source>
            <translation>Trennen</translation>
        </message>
        <message>
            <source>Separate &amp;Parts</source>
            <translation>&amp;Teile trennen</translation>
        </message>
        <message>
            <source>Separate {what}</source>
            <translation>{what} trennen</translation>
        </message>
        <message>
            <source>Share &amp;All as a File…</source>
            <translation>&amp;Alle als Datei weitergeben…</translation>
        </message>
        <message>
            <source>Share styles</source>
            <translation>Stile weitergeben</translation>
        </message>
        <message>
            <source>Shift or Alt with the right button: drag</source>
            <translation>Mit Umschalt oder Alt und der rechten Maustaste ziehen</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Zeigen</translation>
        </message>
        <message>
            <source>Show &amp;Log Folder</source>
            <translation>&amp;Protokollordner zeigen</translation>
        </message>
        <message>
            <source>Show &amp;Only the Current</source>
            <translation>&amp;Nur das aktuelle zeigen</translation>
        </message>
        <message>
            <source>Show and &amp;Unlock All</source>
            <translation>Alle &amp;einblenden und entsperren</translation>
        </message>
        <message>
            <source>Show flat colours</source>
            <translation>Einfache Farbflächen zeigen</translation>
        </message>
        <message>
            <source>Show the shapes of one label</source>
            <translation>Die Formen eines Labels zeigen</translation>
        </message>
        <message>
            <source>Show {what}</source>
            <translation>{what} zeigen</translation>
        </message>
        <message>
            <source>Shown or hidden</source>
            <translation>Sichtbar oder ausgeblendet</translation>
        </message>
        <message>
            <source>Shuffle all {what}</source>
            <translation>Alle mischen: {what}</translation>
        </message>
        <message>
            <source>Si&amp;ze</source>
            <translation>&amp;Größe</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Size of the brush</source>
            <translation>Größe des Pinsels</translation>
        </message>
        <message>
            <source>Size of the stamp in per cent</source>
            <translation>Größe des Stempels in Prozent</translation>
        </message>
        <message>
            <source>Smaller Brush</source>
            <translation>Kleinerer Pinsel</translation>
        </message>
        <message>
            <source>Something went wrong: {error}.</source>
            <translation>Etwas ist schiefgegangen: {error}.</translation>
        </message>
        <message>
            <source>Square brush</source>
            <translation>Quadratischer Pinsel</translation>
        </message>
        <message>
            <source>Stages</source>
            <translation>Stufen</translation>
        </message>
        <message>
            <source>Stamp</source>
            <translation>Stempel</translation>
        </message>
        <message>
            <source>Stamps</source>
            <translation>Stempel</translation>
        </message>
        <message>
            <source>Start from</source>
            <translation>Ausgehen von</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>State of the picture</source>
            <translation>Zustand des Bildes</translation>
        </message>
        <message>
            <source>Steps</source>
            <translation>Schritte</translation>
        </message>
        <message>
            <source>Steps can be undone and filmed after opening; files are larger</source>
            <translation>Schritte lassen sich nach dem Öffnen zurücknehmen und filmen; die Dateien sind größer</translation>
        </message>
        <message>
            <source>Stop; what is already written stays</source>
            <translation>Anhalten; was schon geschrieben ist, bleibt</translation>
        </message>
        <message>
            <source>Style</source>
            <translation>Stil</translation>
        </message>
        <message>
            <source>Style dropper</source>
            <translation>Stilpipette</translation>
        </message>
        <message>
            <source>Style of {what}</source>
            <translation>Stil: {what}</translation>
        </message>
        <message>
            <source>Style pad</source>
            <translation>Stilfeld</translation>
        </message>
        <message>
            <source>Style {number}</source>
            <translation>Stil {number}</translation>
        </message>
        <message>
            <source>Styles</source>
            <translation>Stile</translation>
        </message>
        <message>
            <source>Swap with the previous label</source>
            <translation>Mit dem vorigen Label tauschen</translation>
        </message>
        <message>
            <source>Swap with {label}</source>
            <translation>Mit {label} tauschen</translation>
        </message>
        <message>
            <source>Take back</source>
            <translation>Zurücknehmen</translation>
        </message>
        <message>
            <source>Take the label under the pointer. Holding Ctrl does the same in every tool.</source>
            <translation>Das Label unter dem Zeiger aufnehmen. Mit gehaltener Strg-Taste geht das in jedem Werkzeug.</translation>
        </message>
        <message>
            <source>Thank you</source>
            <translation>Danke</translation>
        </message>
        <message>
            <source>That part is too small to see a style in; draw around a larger one.</source>
            <translation>Dieser Teil ist zu klein, um einen Stil zu erkennen; umfahren Sie einen größeren.</translation>
        </message>
        <message>
            <source>The answers are remembered.</source>
            <translation>Die Antworten werden gemerkt.</translation>
        </message>
        <message>
            <source>The checkpoint has no other style for this label.</source>
            <translation>Der Checkpoint hat keinen anderen Stil für dieses Label.</translation>
        </message>
        <message>
            <source>The checkpoint {name} has no encoder, so it cannot borrow styles from photos.</source>
            <translation>Der Checkpoint {name} hat keinen Encoder und kann keine Stile aus Fotos übernehmen.</translation>
        </message>
        <message>
            <source>The checkpoint {name} has no styles for {label}.</source>
            <translation>Der Checkpoint {name} hat keine Stile für {label}.</translation>
        </message>
        <message>
            <source>The checkpoint {name} has no styles.</source>
            <translation>Der Checkpoint {name} hat keine Stile.</translation>
        </message>
        <message>
            <source>The device</source>
            <translation>Das Gerät</translation>
        </message>
        <message>
            <source>The device {name}</source>
            <translation>Das Gerät {name}</translation>
        </message>
        <message>
            <source>The gap is filled</source>
            <translation>Die Lücke wird gefüllt</translation>
        </message>
        <message>
            <source>The generator of the official code, a .pth file</source>
            <translation>Der Generator des offiziellen Programms, eine .pth-Datei</translation>
        </message>
        <message>
            <source>The language changes at the next start.</source>
            <translation>Die Sprache ändert sich beim nächsten Start.</translation>
        </message>
        <message>
            <source>The line separates nothing; draw it across, from edge to edge.</source>
            <translation>Die Linie trennt nichts; ziehen Sie sie quer von Rand zu Rand.</translation>
        </message>
        <message>
            <source>The outline separates nothing; draw it around a part.</source>
            <translation>Der Umriss trennt nichts ab; ziehen Sie ihn um einen Teil.</translation>
        </message>
        <message>
            <source>The photo and the scene have no label in common.</source>
            <translation>Foto und Szene haben kein Label gemeinsam.</translation>
        </message>
        <message>
            <source>The photo is shown without its maps: {error}</source>
            <translation>Das Foto wird ohne seine Karten gezeigt: {error}</translation>
        </message>
        <message>
            <source>The picture</source>
            <translation>Das Bild</translation>
        </message>
        <message>
            <source>The picture could not be painted: {error}.</source>
            <translation>Das Bild konnte nicht gemalt werden: {error}.</translation>
        </message>
        <message>
            <source>The picture is not coming: {why}. You can draw on.</source>
            <translation>Das Bild kommt nicht: {why}. Sie können weiterzeichnen.</translation>
        </message>
        <message>
            <source>The picture is not finished; export it when the status bar says so.</source>
            <translation>Das Bild ist noch nicht fertig; exportieren Sie es, sobald die Statusleiste es meldet.</translation>
        </message>
        <message>
            <source>The published model is &lt;i&gt;latest_net_G.pth&lt;/i&gt; alone: it paints pictures of 2048x1024 from the 35 Cityscapes labels and object boundaries, and knows no styles. Where there is an encoder, the authors' &lt;i&gt;encode_features.py&lt;/i&gt; makes its clusters.</source>
            <translation>Das veröffentlichte Modell ist &lt;i&gt;latest_net_G.pth&lt;/i&gt; allein: Es malt Bilder von 2048x1024 aus den 35 Labels von Cityscapes und den Objektkanten und kennt keine Stile. Wo es einen Encoder gibt, macht &lt;i&gt;encode_features.py&lt;/i&gt; der Autoren dessen Cluster.</translation>
        </message>
        <message>
            <source>The row it stands on, the nearest first; drag objects to order them anew</source>
            <translation>Die Zeile, auf der es steht, das nächste zuerst; Objekte lassen sich durch Ziehen anders ordnen</translation>
        </message>
        <message>
            <source>The schema {schema} has no label {label}; choose another.</source>
            <translation>Das Schema {schema} hat kein Label {label}; wählen Sie ein anderes.</translation>
        </message>
        <message>
            <source>The selected object has no style to give to others.</source>
            <translation>Das ausgewählte Objekt hat keinen Stil, den es weitergeben könnte.</translation>
        </message>
        <message>
            <source>The selected object has no style to keep.</source>
            <translation>Das ausgewählte Objekt hat keinen Stil, der sich behalten ließe.</translation>
        </message>
        <message>
            <source>The selected objects look like the part you drew around</source>
            <translation>Die ausgewählten Objekte sehen aus wie der umfahrene Teil</translation>
        </message>
        <message>
            <source>The street, painted on with the tool in use</source>
            <translation>Die Straße, auf die mit dem benutzten Werkzeug gemalt wird</translation>
        </message>
        <message>
            <source>The tool before, once the key is released</source>
            <translation>Das vorige Werkzeug, sobald die Taste losgelassen wird</translation>
        </message>
        <message>
            <source>The weights of the paper are published by its authors: the page of their repository links the model &lt;b&gt;label2city_1024p&lt;/b&gt;, trained on Cityscapes. They are under the authors' own licence and so no part of this program; read it there.</source>
            <translation>Die Gewichte des Artikels haben seine Autoren veröffentlicht: Die Seite ihres Repositorys verweist auf das Modell &lt;b&gt;label2city_1024p&lt;/b&gt;, das mit Cityscapes trainiert wurde. Sie stehen unter der Lizenz der Autoren und sind deshalb kein Teil dieses Programms; sie ist dort zu lesen.</translation>
        </message>
        <message>
            <source>The whole picture</source>
            <translation>Das ganze Bild</translation>
        </message>
        <message>
            <source>The whole screen, or the window again (F11)</source>
            <translation>Der ganze Bildschirm, oder wieder das Fenster (F11)</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Farbschema</translation>
        </message>
        <message>
            <source>Then drop the folder, or a single &lt;i&gt;.pth&lt;/i&gt; file, onto this window, or use &lt;b&gt;Add Folder&lt;/b&gt;. Sizes and channels are read from the weights; where they leave open what the input means you are asked once. Nothing in the files is executed.</source>
            <translation>Dann den Ordner oder eine einzelne &lt;i&gt;.pth&lt;/i&gt;-Datei auf dieses Fenster ziehen oder &lt;b&gt;Ordner hinzufügen&lt;/b&gt; wählen. Größen und Kanäle werden aus den Gewichten gelesen; wo sie offen lassen, was die Eingabe bedeutet, wird einmal gefragt. Nichts in den Dateien wird ausgeführt.</translation>
        </message>
        <message>
            <source>There is no free number for another {label} in this picture; remove one or paint over an existing one.</source>
            <translation>Für ein weiteres {label} ist in diesem Bild keine Nummer frei; entfernen Sie eines oder übermalen Sie ein vorhandenes.</translation>
        </message>
        <message>
            <source>There is nothing to compare with yet: paint something first.</source>
            <translation>Es gibt noch nichts zu vergleichen: Malen Sie zuerst etwas.</translation>
        </message>
        <message>
            <source>There is nothing to compare yet: nothing was edited.</source>
            <translation>Es gibt noch nichts zu vergleichen: Nichts wurde geändert.</translation>
        </message>
        <message>
            <source>There is nothing to film yet: nothing was edited.</source>
            <translation>Es gibt noch nichts zu filmen: Nichts wurde geändert.</translation>
        </message>
        <message>
            <source>They are lost otherwise.</source>
            <translation>Sonst gehen sie verloren.</translation>
        </message>
        <message>
            <source>They cannot be brought back afterwards.</source>
            <translation>Danach lassen sie sich nicht zurückholen.</translation>
        </message>
        <message>
            <source>They were made with the checkpoint {checkpoint} and may look different here.</source>
            <translation>Sie wurden mit dem Checkpoint {checkpoint} gemacht und sehen hier vielleicht anders aus.</translation>
        </message>
        <message>
            <source>Third axis</source>
            <translation>Dritte Achse</translation>
        </message>
        <message>
            <source>Third axis of the styles</source>
            <translation>Dritte Achse der Stile</translation>
        </message>
        <message>
            <source>Third axis: what the pad does not show</source>
            <translation>Dritte Achse: was das Feld nicht zeigt</translation>
        </message>
        <message>
            <source>This {what} is in one piece; cut it.</source>
            <translation>Dieses Objekt ({what}) ist aus einem Stück; zerschneiden Sie es.</translation>
        </message>
        <message>
            <source>Time per stage</source>
            <translation>Zeit je Stufe</translation>
        </message>
        <message>
            <source>To the Next Area</source>
            <translation>Zum nächsten Bereich</translation>
        </message>
        <message>
            <source>To the Previous Area</source>
            <translation>Zum vorigen Bereich</translation>
        </message>
        <message>
            <source>Tools</source>
            <translation>Werkzeuge</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Erneut versuchen</translation>
        </message>
        <message>
            <source>Two pictures</source>
            <translation>Zwei Bilder</translation>
        </message>
        <message>
            <source>Under a name, as one of your own</source>
            <translation>Unter einem Namen, als eigener Stil</translation>
        </message>
        <message>
            <source>Under the pointer</source>
            <translation>Unter dem Zeiger</translation>
        </message>
        <message>
            <source>Undone; a click does it again</source>
            <translation>Rückgängig gemacht; ein Klick stellt es wieder her</translation>
        </message>
        <message>
            <source>Unlock</source>
            <translation>Entsperren</translation>
        </message>
        <message>
            <source>Untitled</source>
            <translation>Unbenannt</translation>
        </message>
        <message>
            <source>Untitled street</source>
            <translation>Unbenannte Straße</translation>
        </message>
        <message>
            <source>Use</source>
            <translation>Verwenden</translation>
        </message>
        <message>
            <source>Use the CPU</source>
            <translation>CPU verwenden</translation>
        </message>
        <message>
            <source>Variations</source>
            <translation>Variationen</translation>
        </message>
        <message>
            <source>Wand</source>
            <translation>Zauberstab</translation>
        </message>
        <message>
            <source>What C&amp;hanged</source>
            <translation>Was sich &amp;geändert hat</translation>
        </message>
        <message>
            <source>What is behind it appears</source>
            <translation>Was dahinter liegt, erscheint</translation>
        </message>
        <message>
            <source>What is hidden has no style to be seen.</source>
            <translation>Was verdeckt ist, zeigt keinen Stil.</translation>
        </message>
        <message>
            <source>What it holds now stays beside it as a backup, its name ending in ~.</source>
            <translation>Der jetzige Inhalt bleibt daneben als Sicherung, deren Name auf ~ endet.</translation>
        </message>
        <message>
            <source>What may be painted over</source>
            <translation>Was übermalt werden darf</translation>
        </message>
        <message>
            <source>What painting may take, and previews</source>
            <translation>Was das Malen und die Vorschauen belegen dürfen</translation>
        </message>
        <message>
            <source>What paints: bundled, own and official ones</source>
            <translation>Was malt: mitgelieferte, eigene und offizielle</translation>
        </message>
        <message>
            <source>What the gallery shows</source>
            <translation>Was die Galerie zeigt</translation>
        </message>
        <message>
            <source>What went wrong</source>
            <translation>Was nicht ging</translation>
        </message>
        <message>
            <source>Wheel, pinch</source>
            <translation>Mausrad, zwei Finger</translation>
        </message>
        <message>
            <source>Where the official weights come from</source>
            <translation>Woher die offiziellen Gewichte kommen</translation>
        </message>
        <message>
            <source>Which picture looks more natural?</source>
            <translation>Welches Bild wirkt natürlicher?</translation>
        </message>
        <message>
            <source>While in the picture</source>
            <translation>Solange das Bild den Fokus hat</translation>
        </message>
        <message>
            <source>While the key is held</source>
            <translation>Solange die Taste gehalten wird</translation>
        </message>
        <message>
            <source>While the key is held: before the last edits</source>
            <translation>Solange die Taste gehalten wird: vor den letzten Änderungen</translation>
        </message>
        <message>
            <source>Width</source>
            <translation>Breite</translation>
        </message>
        <message>
            <source>You will see {count} pairs of pictures of the same scenes. Choose with the arrow keys or with a click. No answer is wrong, and you may stop and go on later.</source>
            <translation>Sie sehen {count} Paare von Bildern derselben Szenen. Wählen Sie mit den Pfeiltasten oder mit einem Klick. Keine Antwort ist falsch, und Sie können aufhören und später weitermachen.</translation>
        </message>
        <message>
            <source>Your &amp;name</source>
            <translation>Ihr &amp;Name</translation>
        </message>
        <message>
            <source>Your name</source>
            <translation>Ihr Name</translation>
        </message>
        <message>
            <source>Zoom &amp;In</source>
            <translation>&amp;Vergrößern</translation>
        </message>
        <message>
            <source>Zoom Out</source>
            <translation>Verkleinern</translation>
        </message>
        <message>
            <source>Zoom at the pointer</source>
            <translation>Am Zeiger vergrößern oder verkleinern</translation>
        </message>
        <message>
            <source>Zoom: 100 % is one map pixel per screen pixel</source>
            <translation>Zoom: 100 % ist ein Kartenpixel je Bildschirmpixel</translation>
        </message>
        <message>
            <source>Zooms at the pointer</source>
            <translation>Vergrößert am Zeiger</translation>
        </message>
        <message>
            <source>a colour picture</source>
            <translation>ein Farbbild</translation>
        </message>
        <message>
            <source>a training run</source>
            <translation>ein Trainingslauf</translation>
        </message>
        <message>
            <source>about {amount}</source>
            <translation>etwa {amount}</translation>
        </message>
        <message>
            <source>added</source>
            <translation>hinzugefügt</translation>
        </message>
        <message>
            <source>an untitled picture</source>
            <translation>ein unbenanntes Bild</translation>
        </message>
        <message>
            <source>any size</source>
            <translation>jede Größe</translation>
        </message>
        <message>
            <source>automatic: half of the memory</source>
            <translation>automatisch: die Hälfte des Speichers</translation>
        </message>
        <message>
            <source>between styles</source>
            <translation>zwischen den Stilen</translation>
        </message>
        <message>
            <source>came with the program</source>
            <translation>mitgeliefert</translation>
        </message>
        <message>
            <source>cannot be used</source>
            <translation>unbrauchbar</translation>
        </message>
        <message>
            <source>d MMMM, HH:mm</source>
            <translation>d. MMMM, HH:mm 'Uhr'</translation>
        </message>
        <message>
            <source>draft · painting…</source>
            <translation>Entwurf · wird gemalt…</translation>
        </message>
        <message>
            <source>exact</source>
            <translation>exakt</translation>
        </message>
        <message>
            <source>fits {device}</source>
            <translation>passt auf {device}</translation>
        </message>
        <message>
            <source>flat colours</source>
            <translation>Farbflächen</translation>
        </message>
        <message>
            <source>flat colours · no checkpoint</source>
            <translation>Farbflächen · kein Checkpoint</translation>
        </message>
        <message>
            <source>half precision</source>
            <translation>halbe Genauigkeit</translation>
        </message>
        <message>
            <source>held still</source>
            <translation>festgehalten</translation>
        </message>
        <message>
            <source>hidden</source>
            <translation>ausgeblendet</translation>
        </message>
        <message>
            <source>in strips</source>
            <translation>in Streifen</translation>
        </message>
        <message>
            <source>in use</source>
            <translation>in Gebrauch</translation>
        </message>
        <message>
            <source>its clusters, if there are any: styles to choose from</source>
            <translation>seine Cluster, falls vorhanden: Stile zur Auswahl</translation>
        </message>
        <message>
            <source>kernels</source>
            <translation>Kernel</translation>
        </message>
        <message>
            <source>labelme…</source>
            <translation>labelme…</translation>
        </message>
        <message>
            <source>locked</source>
            <translation>gesperrt</translation>
        </message>
        <message>
            <source>memory is full: {saved}</source>
            <translation>Speicher voll: {saved}</translation>
        </message>
        <message>
            <source>no</source>
            <translation>nein</translation>
        </message>
        <message>
            <source>no answer for {seconds} s</source>
            <translation>seit {seconds} s keine Antwort</translation>
        </message>
        <message>
            <source>no recording for previews</source>
            <translation>keine Aufzeichnung für Vorschauen</translation>
        </message>
        <message>
            <source>no style</source>
            <translation>kein Stil</translation>
        </message>
        <message>
            <source>not measured</source>
            <translation>nicht gemessen</translation>
        </message>
        <message>
            <source>object boundaries</source>
            <translation>Objektgrenzen</translation>
        </message>
        <message>
            <source>off: previews are coarser</source>
            <translation>aus: gröbere Vorschauen</translation>
        </message>
        <message>
            <source>official</source>
            <translation>offiziell</translation>
        </message>
        <message>
            <source>on the CPU</source>
            <translation>auf der CPU</translation>
        </message>
        <message>
            <source>out of date</source>
            <translation>veraltet</translation>
        </message>
        <message>
            <source>out of date · no answer for {seconds} s</source>
            <translation>veraltet · seit {seconds} s keine Antwort</translation>
        </message>
        <message>
            <source>out of date · painting failed</source>
            <translation>veraltet · Malen fehlgeschlagen</translation>
        </message>
        <message>
            <source>painting…</source>
            <translation>wird gemalt…</translation>
        </message>
        <message>
            <source>pictures</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>preview · {style} · not chosen yet</source>
            <translation>Vorschau · {style} · noch nicht gewählt</translation>
        </message>
        <message>
            <source>shown, unlocked</source>
            <translation>sichtbar, nicht gesperrt</translation>
        </message>
        <message>
            <source>the encoder, if there is one: styles from photographs</source>
            <translation>der Encoder, falls vorhanden: Stile aus Fotos</translation>
        </message>
        <message>
            <source>the generator; this file alone is enough</source>
            <translation>der Generator; diese Datei allein genügt</translation>
        </message>
        <message>
            <source>the options of the training, if you have them</source>
            <translation>die Optionen des Trainings, falls vorhanden</translation>
        </message>
        <message>
            <source>too much for {device}</source>
            <translation>zu viel für {device}</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>{checkpoint} is for the label schema {theirs}, but this picture uses the label schema {ours}; open a checkpoint that fits.</source>
            <translation>{checkpoint} ist für das Labelschema {theirs}, dieses Bild benutzt aber das Labelschema {ours}; öffnen Sie einen passenden Checkpoint.</translation>
        </message>
        <message>
            <source>{checkpoint} is for the label schema {theirs}, but this picture uses {ours}: it is shown in flat colours; open a checkpoint that fits.</source>
            <translation>{checkpoint} ist für das Labelschema {theirs}, dieses Bild benutzt aber {ours}: Es wird in einfachen Farbflächen gezeigt; öffnen Sie einen passenden Checkpoint.</translation>
        </message>
        <message>
            <source>{checkpoint} knows the labels of “{theirs}”: those of “{ours}” were mapped. Objects keep their places; their styles are the new checkpoint's.</source>
            <translation>{checkpoint} kennt die Labels von „{theirs}“: Die von „{ours}“ wurden zugeordnet. Objekte bleiben, wo sie sind; ihre Stile sind die des neuen Checkpoints.</translation>
        </message>
        <message>
            <source>{count} answers of {name} are in {file}.</source>
            <translation>{count} Antworten von {name} stehen in {file}.</translation>
        </message>
        <message>
            <source>{count} clusters</source>
            <translation>{count} Cluster</translation>
        </message>
        <message>
            <source>{count} edits that were not saved can be recovered: {title}, {when}.</source>
            <translation>{count} nicht gespeicherte Änderungen lassen sich wiederherstellen: {title}, {when}.</translation>
        </message>
        <message>
            <source>{count} in the picture</source>
            <translation>{count} im Bild</translation>
        </message>
        <message>
            <source>{count} labels</source>
            <translation>{count} Labels</translation>
        </message>
        <message>
            <source>{count} style channels</source>
            <translation>{count} Stilkanäle</translation>
        </message>
        <message>
            <source>Nothing of the selected object is seen; show it or bring it forward first.</source>
            <translation>Vom ausgewählten Objekt ist nichts zu sehen; blenden Sie es zuerst ein oder bringen Sie es nach vorn.</translation>
        </message>
        <message>
            <source>{count} styles were added.</source>
            <translation>{count} Stile kamen hinzu.</translation>
        </message>
        <message>
            <source>{count} variations</source>
            <translation>{count} Variationen</translation>
        </message>
        <message>
            <source>{device} has too little memory for this picture; you can draw on.</source>
            <translation>{device} hat für dieses Bild zu wenig Speicher; Sie können weiterzeichnen.</translation>
        </message>
        <message>
            <source>{device} was lost: the picture is out of date; you can draw on.</source>
            <translation>{device} ist ausgefallen: Das Bild ist veraltet; Sie können weiterzeichnen.</translation>
        </message>
        <message>
            <source>{done} of {count} pairs answered</source>
            <translation>{done} von {count} Paaren beantwortet</translation>
        </message>
        <message>
            <source>{file} cannot be read ({why}); check the path.</source>
            <translation>{file} lässt sich nicht lesen ({why}); prüfen Sie den Pfad.</translation>
        </message>
        <message>
            <source>{file} could not be opened: {error}.</source>
            <translation>{file} ließ sich nicht öffnen: {error}.</translation>
        </message>
        <message>
            <source>{file} could not be written ({why}); choose another folder or free some space.</source>
            <translation>{file} konnte nicht geschrieben werden ({why}); wählen Sie einen anderen Ordner oder schaffen Sie Platz.</translation>
        </message>
        <message>
            <source>{file} does not exist; check the path.</source>
            <translation>{file} gibt es nicht; prüfen Sie den Pfad.</translation>
        </message>
        <message>
            <source>{file} has styles of {length} numbers, but {ours} takes {features}; open the checkpoint {theirs} first.</source>
            <translation>{file} hat Stile aus {length} Zahlen, {ours} nimmt aber {features}; erst den Checkpoint {theirs} öffnen.</translation>
        </message>
        <message>
            <source>{file} holds {count} pictures. Which one?</source>
            <translation>{file} enthält {count} Bilder. Welches?</translation>
        </message>
        <message>
            <source>{file} is a folder; choose one file in it.</source>
            <translation>{file} ist ein Ordner; wählen Sie eine Datei darin.</translation>
        </message>
        <message>
            <source>{file} is damaged or cut short ({why}); get a whole copy.</source>
            <translation>{file} ist beschädigt oder abgeschnitten ({why}); besorgen Sie eine vollständige Kopie.</translation>
        </message>
        <message>
            <source>{file} is no Labelbrush project; open another file.</source>
            <translation>{file} ist kein Labelbrush-Projekt; öffnen Sie eine andere Datei.</translation>
        </message>
        <message>
            <source>{file} is no checkpoint: it needs checkpoint.json or the official latest_net_G.pth.</source>
            <translation>{file} ist kein Checkpoint: Es fehlt checkpoint.json oder das offizielle latest_net_G.pth.</translation>
        </message>
        <message>
            <source>{file} is no whole project file ({why}); open another copy of it.</source>
            <translation>{file} ist keine vollständige Projektdatei ({why}); öffnen Sie eine andere Kopie davon.</translation>
        </message>
        <message>
            <source>{file} is not a picture file; choose a {kind} file.</source>
            <translation>{file} ist keine Bilddatei; wählen Sie eine Datei der Art {kind}.</translation>
        </message>
        <message>
            <source>{file} is open in another window: what you change here can only be saved under another name.</source>
            <translation>{file} ist in einem anderen Fenster geöffnet: Was Sie hier ändern, lässt sich nur unter einem anderen Namen speichern.</translation>
        </message>
        <message>
            <source>{file} is open in another window; choose another name.</source>
            <translation>{file} ist in einem anderen Fenster geöffnet; wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <source>{file} is {kind}, but a label map has one label id of 8 bits per pixel; save it as an 8-bit grey or palette PNG.</source>
            <translation>{file} ist ein anderes Bild ({kind}), aber eine Labelkarte hat je Pixel eine Labelnummer von 8 Bit; speichern Sie sie als PNG mit 8 Bit Grau oder mit Palette.</translation>
        </message>
        <message>
            <source>{file} is {size} pixels instead of {other}; choose maps of one picture.</source>
            <translation>{file} hat {size} Pixel statt {other}; wählen Sie Karten desselben Bildes.</translation>
        </message>
        <message>
            <source>{file} is {size} pixels, the picture {ours}; choose the instance map of this picture.</source>
            <translation>{file} hat {size} Pixel, das Bild {ours}; wählen Sie die Instanzkarte dieses Bildes.</translation>
        </message>
        <message>
            <source>{file} needs a Labelbrush that reads {kind} version {version}, this one reads up to {known}; update Labelbrush.</source>
            <translation>{file} braucht ein Labelbrush, das Version {version} ({kind}) liest, dieses liest bis {known}; aktualisieren Sie Labelbrush.</translation>
        </message>
        <message>
            <source>{file} was saved again after these edits were made: saving what was recovered asks for a name.</source>
            <translation>{file} wurde nach diesen Änderungen noch einmal gespeichert: Beim Speichern des Wiederhergestellten wird nach einem Namen gefragt.</translation>
        </message>
        <message>
            <source>{job}: stopped.</source>
            <translation>{job}: angehalten.</translation>
        </message>
        <message>
            <source>{key}  ({count} pixels)</source>
            <translation>{key}  ({count} Pixel)</translation>
        </message>
        <message>
            <source>{key} belongs to {names}, which will lose it if you assign it.</source>
            <translation>{key} gehört zu {names} und geht dort verloren, wenn Sie die Taste zuweisen.</translation>
        </message>
        <message>
            <source>{label} group</source>
            <translation>{label}-Gruppe</translation>
        </message>
        <message>
            <source>{name} does not say what its input channels mean. If the picture looks wrong, choose another meaning. To be asked again, choose the checkpoint again.</source>
            <translation>{name} sagt nicht, was seine Eingangskanäle bedeuten. Wenn das Bild falsch aussieht, wählen Sie eine andere Bedeutung. Um noch einmal gefragt zu werden, wählen Sie den Checkpoint noch einmal aus.</translation>
        </message>
        <message>
            <source>{number} objects</source>
            <translation>{number} Objekte</translation>
        </message>
        <message>
            <source>{number} of {count}</source>
            <translation>{number} von {count}</translation>
        </message>
        <message>
            <source>{shown} (loading {checkpoint}…)</source>
            <translation>{shown} ({checkpoint} wird geladen…)</translation>
        </message>
        <message>
            <source>{style}, by the seed</source>
            <translation>{style}, vom Startwert</translation>
        </message>
        <message>
            <source>{style}: {percent} % of what was seen of {label}</source>
            <translation>{style}: {percent} % von allem, was von {label} gesehen wurde</translation>
        </message>
        <message>
            <source>{title} has labels that “{schema}” lacks. What are they?</source>
            <translation>{title} hat Labels, die in „{schema}“ fehlen. Was sind sie?</translation>
        </message>
        <message>
            <source>{title} is there already. Replace it?</source>
            <translation>{title} gibt es schon. Ersetzen?</translation>
        </message>
        <message>
            <source>{title} was changed by another program since it was opened. Replace it?</source>
            <translation>{title} wurde seit dem Öffnen von einem anderen Programm geändert. Ersetzen?</translation>
        </message>
        <message>
            <source>{title} was painted with the checkpoint {checkpoint}, which is not there: it is painted with the one in use.</source>
            <translation>{title} wurde mit dem Checkpoint {checkpoint} gemalt, der nicht da ist: Es wird mit dem gemalt, der gerade benutzt wird.</translation>
        </message>
        <message>
            <source>{title}: done</source>
            <translation>{title}: fertig</translation>
        </message>
        <message>
            <source>{what} objects</source>
            <translation>{what} Objekte</translation>
        </message>
        <message>
            <source>{width} by {height} pixels</source>
            <translation>{width} mal {height} Pixel</translation>
        </message>
    </context>
</TS>
